"""What a run leaves behind for machines and for people who were not there: files, annotations, a page."""
