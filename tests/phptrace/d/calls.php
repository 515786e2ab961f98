<?php
function outer($n) {
	return inner($n) + inner($n);
}
function inner($n) {
	return $n * 2;
}
class Shape {
	static function make() {
		return new Shape;
	}
	function area() {
		return inner(3);
	}
}
outer(1);
outer(2);
Shape::make()->area();
