"""A rehearsal of `deploy/cluster` on one machine: two database nodes, etcd, two web nodes, a worker, and their deaths.

Run by deploy/cluster/rehearse. nodes.py starts and kills, load.py answers and reconciles, __main__.py tells the story.
"""
