"""Judging the evidence: what is missing, stale, unreviewed or changed, and why.

Rule of this package: what decides (facts, policy, calendar, claims, rules, verdict, rollup, judge) is
pure, a function of facts, policy and the day. What reads and writes lives in files of its own and is
handed a transport.
"""
