using System.Globalization;

using MiniKube.Client;

namespace MiniKube.Benchmarks.FirstLight;

/// <summary>Makes clusters one after another with <c>mk</c>; in the last one measures memory and pods.</summary>
internal sealed class FirstLightBenchmark(TimeProvider clock)
{
    private static readonly TimeSpan IdleBefore = TimeSpan.FromSeconds(20);

    /// <summary>The containers of a pod, made with nothing but Docker: a pause container, and one that joins its network. Prints milliseconds.</summary>
    private const string DockerPair = """
        s=$(date +%s%N)
        p=$(docker run -d registry.k8s.io/pause:3.9)
        c=$(docker run -d --network container:$p --ipc container:$p busybox:1.36 sleep 3600)
        e=$(date +%s%N)
        docker rm -f $c $p >/dev/null
        echo $(( (e - s) / 1000000 ))
        """;

    private readonly MkCluster _cluster = new("first-light");

    public async Task<IReadOnlyList<Figure>> RunAsync(int rounds, int pods, CancellationToken cancellationToken)
    {
        var up = new List<double>();
        var down = new List<double>();
        var inside = new List<Figure>();
        await _cluster.MkAsync(["down"], cancellationToken);
        for (var round = 1; round <= rounds; round++)
        {
            up.Add(await SecondsAsync(["up"], cancellationToken));
            if (round == rounds)
            {
                inside.AddRange(await MeasurePodsAsync(pods, cancellationToken));
                inside.AddRange(await MeasureMemoryAsync(cancellationToken));
            }

            down.Add(await SecondsAsync(["down"], cancellationToken));
        }

        return
        [
            new Figure("mk up to node Ready", "s", up, "under 8 (kind: 12 to 17)"),
            new Figure("mk down", "s", down, ""),
            .. inside,
        ];
    }

    private async Task<IReadOnlyList<Figure>> MeasurePodsAsync(int count, CancellationToken cancellationToken)
    {
        using var connection = _cluster.Connect();
        var runs = new PodStartTimer(new ObjectClient(connection, fence: null, clock), clock);
        var docker = new List<double>();
        var running = new List<double>();
        for (var i = 0; i < count; i++)
        {
            // Side by side: what else the machine does falls on both alike.
            docker.Add(double.Parse((await _cluster.OnNodeAsync(DockerPair, cancellationToken)).Trim(), CultureInfo.InvariantCulture) / 1000);
            running.Add((await runs.MeasureAsync($"timed-{i}", cancellationToken)).TotalSeconds);
        }

        return
        [
            new Figure("pod: create to Running", "s", running, "Docker's own time + 0.3"),
            new Figure("Docker alone: the same two containers", "s", docker, ""),
        ];
    }

    /// <summary>Proportional memory (PSS) of every unit of the host, with its children, after the cluster has been idle for a while.</summary>
    private async Task<IReadOnlyList<Figure>> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(IdleBefore, clock, cancellationToken);
        const string Script = """
            for d in /etc/service/*/; do
              u=$(basename $d); p=$(sv status $d | sed -n 's/^run: [^(]*(pid \([0-9]*\)).*/\1/p'); [ -n "$p" ] || continue
              echo "$u $(grep -h '^Pss:' /proc/$p/smaps_rollup | tr -dc 0-9) $(grep -h '^VmRSS' /proc/$p/status | tr -dc 0-9)"
            done
            """;
        var lines = (await _cluster.OnNodeAsync(Script, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. from line in lines
                   let fields = line.Split(' ')
                   let name = fields[0]
                   let aim = name == "controlplane" ? "under 150 (upstream's apiserver alone: 255)" : ""
                   from figure in new[]
                   {
                       new Figure($"memory idle, {name} (PSS)", "MiB", [Mebibytes(fields[1])], ""),
                       new Figure($"memory idle, {name} (RSS)", "MiB", [Mebibytes(fields[2])], aim),
                   }
                   select figure];
    }

    private static double Mebibytes(string kibibytes) => double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;

    private async Task<double> SecondsAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await _cluster.MkAsync(arguments, cancellationToken);
        return clock.GetElapsedTime(started).TotalSeconds;
    }
}
