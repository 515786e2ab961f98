# What is built is small, and without symbols: a package with a profile of its own does not take `strip` over.
$ for tool in clocksync duo-login phptrace toshkeyd umemstat zonesnap; do
>     program=$(command -v $tool); [ "$(stat -Lc %s "$program")" -lt 2000000 ] || stat -Lc '%n: %s bytes' "$program"; readelf -S "$program" | grep -o '[.]symtab'
> done; echo looked
looked
