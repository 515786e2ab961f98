<?php
function price($item) {
	if ($item == "") throw new DomainException("no item");
	return strlen($item) * 10;
}
class Cart {
	private $items = [];
	static function of(...$items) {
		$cart = new Cart;
		foreach ($items as $item) $cart->items[] = $item;
		return $cart;
	}
	function total() {
		$sum = 0;
		foreach ($this->items as $item) $sum += price($item);
		return $sum;
	}
}
Cart::of("tea", "cake")->total();
Cart::of("tea")->total();
try {
	Cart::of("bread", "")->total();
} catch (DomainException $e) {
}
