"""Set-up, packaging and deployment of the templates."""
