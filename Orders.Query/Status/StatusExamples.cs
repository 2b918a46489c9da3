namespace Orders.Query.Status;

/// <summary>The status, for OpenAPI.</summary>
internal static class StatusExamples
{
    public const string Answer =
        """
        {
          "status": "ok",
          "lag_ms": 0,
          "last_change_at": "2026-01-31T09:31:00.000Z",
          "caught_up_at": "2026-01-31T09:31:02.000Z",
          "shards": { "open": 1, "owned": 1, "finished": 0, "records": 2 },
          "dead_letters": 0,
          "gaps": 0,
          "cache_repairs": 0,
          "doubts": 0,
          "passed_over": {},
          "engines": {
            "postgres": { "ok": true, "latency_ms": 0.9, "problem": null },
            "redis": { "ok": true, "latency_ms": 0.2, "problem": null }
          },
          "warehouse": { "state": "current", "problem": null, "lag_ms": 4100, "newest_file_ms": 4100, "rows": 2, "quarantined": 0, "slot_lag_bytes": 56 }
        }
        """;
}
