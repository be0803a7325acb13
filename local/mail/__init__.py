"""SES on one machine: takes what is sent, keeps it on disk, and shows it."""
