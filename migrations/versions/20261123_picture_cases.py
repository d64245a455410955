"""cases of new pictures of goods on sale

Pictures that wait already lie on the desk on which their goods were looked at.
"""

from alembic import op

import onboarding.moderation.ddl

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SUBJECTS = (
    "'factory', 'merchant', 'listing', 'edit', 'appeal', 'claim', 'recheck', 'certificate', 'takedown', 'notice', "
    "'report'"
)
WAITING = """
insert into cases (public_id, subject_type, subject, organisation_id, region, belt, state, reason, opened_at)
select
    'cas_' || substr(listings.public_id, 5),
    'pictures',
    listings.public_id,
    listings.organisation_id,
    coalesce((select region from cases where subject = listings.public_id order by cases.id desc limit 1), ''),
    coalesce((select belt from cases where subject = listings.public_id order by cases.id desc limit 1), ''),
    'open',
    '',
    min(listing_pictures.made_at)
from listings
join listing_pictures on listing_pictures.listing_id = listings.id
where listings.state in ('published', 'lapsed', 'taken_down')
    and listing_pictures.state = 'waiting' and listing_pictures.made_at is not null
group by listings.id, listings.public_id, listings.organisation_id
"""


def upgrade() -> None:
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    _subjects(f"({SUBJECTS}, 'pictures')")
    op.execute(WAITING)
    onboarding.moderation.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
    op.execute("delete from cases where subject_type = 'pictures'")
    _subjects(f"({SUBJECTS})")
    onboarding.moderation.ddl.create_triggers(op.get_bind())


def _subjects(known: str) -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(op.f("ck_cases_subject_type"), type_="check")
        batch.create_check_constraint(op.f("ck_cases_subject_type"), f"subject_type in {known}")
