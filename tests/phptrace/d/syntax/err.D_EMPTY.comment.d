/* a program of nothing but a comment */

/* nothing */
