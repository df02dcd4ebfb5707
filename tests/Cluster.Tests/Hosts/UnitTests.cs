using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Tests.Hosts;

public sealed class UnitTests
{
    [Fact]
    public void RenderRun_OfAUnit_CountsWaitsPreparesAndBecomesTheCommand()
    {
        var unit = new Unit("dockerd", "dockerd --config-file /etc/docker/mk.json")
        {
            WaitFor = ["[ -S /run/containerd.sock ]"],
            Before = ["rm -f /run/docker.pid"],
            Environment = new Dictionary<string, string> { ["NOTE"] = "it's so" },
        };

        Assert.Equal(
            """
            #!/bin/sh
            exec 2>&1
            echo >>/run/mk/starts/dockerd
            until [ -S /run/containerd.sock ]; do sleep 0.1; done
            rm -f /run/docker.pid
            export NOTE='it'\''s so'
            exec dockerd --config-file /etc/docker/mk.json

            """,
            unit.RenderRun());
    }

    [Fact]
    public void Parse_OfRunitsStatus_TellsProcessTimeAndRestarts()
    {
        // Written by runsv 2.1.2 for a service that had been started at 2026-11-23T05:52:00Z.
        byte[] status = [0x40, 0, 0, 0, 0x6B, 0x13, 0xE6, 0xEA, 0x12, 0x34, 0x56, 0x78, 0x2A, 1, 0, 0, 0, (byte)'u', 0, 1];

        var parsed = UnitStatus.Parse("kubelet", status, starts: 3);

        Assert.Equal(298, parsed.ProcessId);
        Assert.Equal(2, parsed.Restarts);
        Assert.Equal(0x6B13E6EAL - 10, parsed.Since.ToUnixTimeSeconds());
    }
}
