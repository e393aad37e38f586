"""The animatic: the page that plays the board in time, with its sound."""
