""" "Where does this come from?": a file is dropped or chosen, and every mark on it is read back."""
