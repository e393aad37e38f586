"""Final Draft XML (.fdx), read and written on ElementTree; XML that is not known here is kept."""
