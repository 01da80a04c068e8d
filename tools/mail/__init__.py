"""Mail over SMTP: the server as it is set, and the sender that tells before DATA from after."""
