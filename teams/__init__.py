"""Who: people, units, teams, memberships, roles and scope, attendance, work calendar, audit trail. The ground floor."""
