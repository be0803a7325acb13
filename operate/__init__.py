"""The operators' command line: deploys Tiketz to a stage and operates it. Nothing of it is deployed."""
