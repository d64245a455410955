"""The factory goods page: Chinese search in process, with facets counted over the whole result."""
