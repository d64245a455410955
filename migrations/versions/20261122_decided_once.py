"""a case is decided once: what guards it"""

from alembic import op

import onboarding.moderation.ddl

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    onboarding.moderation.ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    onboarding.moderation.ddl.drop_triggers(op.get_bind())
