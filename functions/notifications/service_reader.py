"""A person as the reader of his notices: how he wants to be told, where he can be reached, and in which words."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from notifications import rules_delivery, rules_news, service_agenda, service_channels, store_news, store_people
from notifications.channels.model import Message
from notifications.kinds import KINDS, Channel
from notifications.rules_delivery import Target, Wishes
from notifications.store import NoticeItem
from shared import access, people
from shared.settings import settings


@dataclass
class Reader:
    """A person; what is read of him once is kept as long as this is."""

    organisation_id: str
    person_id: str

    @cached_property
    def wishes(self) -> Wishes:
        """How he wants to be told; his organisation's time zone counts where he has set none."""
        found, hour = self._preferences, rules_delivery.hour
        return Wishes(
            zone=ZoneInfo(found.time_zone or access.organisation(self.organisation_id).time_zone),
            muted=dict(found.muted),
            quiet_from=hour(found.quiet_from),
            quiet_to=hour(found.quiet_to),
            digest_at=hour(found.digest_at) if found.digest_at else None,
        )

    @cached_property
    def targets(self) -> list[Target]:
        """Where he can be reached on the channels that his organisation offers."""
        links = store_people.links_of(self.organisation_id, self.person_id)
        return [
            target
            for target in _targets(self._card, links)
            if service_channels.account_of(self.organisation_id, target.channel)
        ]

    @cached_property
    def locale(self) -> str:
        """His own choice, else the register's, else his organisation's."""
        registered = self._card.locale if self._card else ""
        return self._preferences.locale or registered or access.organisation(self.organisation_id).locale

    def steps(self, notice: NoticeItem) -> list[list[Target]]:
        """The ladder of a notice's kind with his addresses that he has not muted for it."""
        return rules_delivery.steps_of(notice.kind, KINDS[notice.kind], self.targets, self.wishes)

    def title(self, news_id: str) -> str:
        """The title of news in his words. Raises NotFound."""
        titles = store_news.titles_of(self.organisation_id, news_id)
        return titles[rules_news.language_for(titles, self.locale)]

    def text(self, news_id: str) -> tuple[str, str]:
        """The text of news in his words, and their language. Raises NotFound."""
        texts = store_news.texts_of(self.organisation_id, news_id)
        language = rules_news.language_for(texts, self.locale)
        return texts[language], language

    def message(self, notice: NoticeItem) -> Message:
        """A notice in his words; made only when it is sent."""
        from notifications import rendering
        from notifications.service_unsubscribe import unsubscribe_address

        return rendering.render(
            notice.kind,
            self._values(notice),
            dict(notice.about),
            self.locale,
            sender=access.organisation(self.organisation_id).name,
            origin=settings().need("public_origin"),
            notice_id=notice.notice_id,
            unsubscribe=unsubscribe_address(self.organisation_id, self.person_id, notice.kind),
        )

    def _values(self, notice: NoticeItem) -> dict[str, Any]:
        if KINDS[notice.kind].by_reference:
            news_id = notice.about["news_id"]
            return rules_news.values_of(self.title(news_id), self.text(news_id)[0])
        return service_agenda.values_now(self.organisation_id, notice) or dict(notice.values)

    @cached_property
    def _preferences(self) -> store_people.PreferencesItem:
        return store_people.preferences_of(self.organisation_id, self.person_id)

    @cached_property
    def _card(self) -> people.Card | None:
        return people.cards(self.organisation_id, [self.person_id]).get(self.person_id)


def _targets(card: people.Card | None, links: Iterable[store_people.LinkItem]) -> list[Target]:
    """E-mail as registered unless it is off, SMS once it was confirmed, all else where he has linked it."""
    known = {(link.channel, link.address.casefold()): link for link in links}
    on = [link for link in known.values() if link.state == store_people.ON]
    found = [
        Target(Channel(link.channel), link.address)
        for link in on
        if link.channel not in (Channel.EMAIL, Channel.SMS) or (card and link.address == card.phone)
    ]
    if card and card.email:
        mail = service_channels.mail_address(card.email)
        link = known.get((Channel.EMAIL.value, mail.casefold()))
        if link is None or link.state == store_people.ON:
            found.append(Target(Channel.EMAIL, mail))
    return found
