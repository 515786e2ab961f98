/* the place of an empty program is its end */

int x;

int y;
