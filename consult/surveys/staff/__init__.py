"""What staff see of a survey and decide while it is open: its page, single answers, files, dates, who may answer."""
