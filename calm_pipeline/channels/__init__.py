"""How a notice reaches the desk: mail, a webhook, and the bots WeCom, DingTalk, Feishu and Slack.

Not here: which notices there are, whether one was sent before, and what becomes of one that could not be sent.
"""

from calm_pipeline.channels.dry import dry_run
from calm_pipeline.channels.failures import NotDelivered
from calm_pipeline.channels.notice import Group, Notice
from calm_pipeline.channels.send import Wait, deliver
from calm_pipeline.channels.settings import Desk, load_desk

__all__ = ["Desk", "Group", "NotDelivered", "Notice", "Wait", "deliver", "dry_run", "load_desk"]
