"""`/healthz` and `/readyz` tell the truth."""

import httpx


def test_a_service_with_its_store_is_alive_and_ready(service: str) -> None:
    assert httpx.get(f"{service}/healthz").json() == {"status": "alive"}
    ready = httpx.get(f"{service}/readyz")
    assert ready.status_code == 200
    assert ready.json()["release"] == 1
