"""What people run to deploy Tiketz and to keep it running. Nothing of it is deployed."""
