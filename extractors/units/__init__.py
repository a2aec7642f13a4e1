"""Administrative units of Viet Nam: the old three levels, the two of today, and where a printed address lies."""
