"""What was said: one reading of every provider's messages, and the columns made of it."""

from stillwatch.ingest.conversation.answers import Answer, read_answer
from stillwatch.ingest.conversation.canonical import CONVERSATION_VERSION
from stillwatch.ingest.conversation.columns import answer_columns, request_columns
from stillwatch.ingest.conversation.messages import Message, read_message, read_messages
from stillwatch.ingest.conversation.requests import Request, read_request

__all__ = [
    "CONVERSATION_VERSION",
    "Answer",
    "Message",
    "Request",
    "answer_columns",
    "read_answer",
    "read_message",
    "read_messages",
    "read_request",
    "request_columns",
]
