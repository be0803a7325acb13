"""Amazon's DynamoDB Local as the DynamoDB engine: true transactions, streams and a file of its own.

`fetch` gets it from Maven Central; it needs Java 17 or newer. It checks no permissions.
"""
