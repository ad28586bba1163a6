"""JSON reads for programs under /api/v1: the same queries, roles and walls as the pages. Acts go through POST /act."""
