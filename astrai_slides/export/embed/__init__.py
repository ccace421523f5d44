"""A folder that puts a deck into somebody's page: the deck, its posters, a script, and a page that shows how."""
