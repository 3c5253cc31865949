"""The mail server of tests/mail serves letters of surveys too."""

from tests.mail.conftest import mail_server as mail_server
from tests.mail.conftest import post as post
