"""What operators get under deploy/: each file checked by its own tool, its names by the code they come from."""
