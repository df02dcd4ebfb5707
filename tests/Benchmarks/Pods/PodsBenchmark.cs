using System.Globalization;

using k8s.Models;

using MiniKube.Client;

namespace MiniKube.Benchmarks.Pods;

/// <summary>Pods that are asked for one by one and all at once, beside Docker alone doing the same containers; and what the kubelet takes while they run.</summary>
internal sealed class PodsBenchmark(TimeProvider clock)
{
    private const string Namespace = "default";

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    /// <summary>The containers of COUNT pods, made at the same time with nothing but Docker. Prints milliseconds.</summary>
    private const string DockerPairs = """
        cd $(mktemp -d)
        s=$(date +%s%N)
        for i in $(seq COUNT); do
          (p=$(docker run -d registry.k8s.io/pause:3.9); c=$(docker run -d --network container:$p --ipc container:$p busybox:1.36 sleep 3600); echo $c $p >$i) &
        done
        wait
        e=$(date +%s%N)
        docker rm -f $(cat *) >/dev/null
        echo $(( (e - s) / 1000000 ))
        """;

    private readonly MkCluster _cluster = new("pods-benchmark");

    public async Task<IReadOnlyList<Figure>> RunAsync(int count, int rounds, CancellationToken cancellationToken)
    {
        await _cluster.MkAsync(["down"], cancellationToken);
        await _cluster.MkAsync(["up"], cancellationToken);
        try
        {
            using var connection = _cluster.Connect();
            return await MeasureAsync(new ObjectClient(connection, fence: null, clock), count, rounds, cancellationToken);
        }
        finally
        {
            await _cluster.MkAsync(["down"], CancellationToken.None);
        }
    }

    private async Task<IReadOnlyList<Figure>> MeasureAsync(IObjectClient client, int count, int rounds, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        await StartAsync(client, 1, cancellationToken);
        await DeleteAsync(client, cancellationToken);
        figures.AddRange(await KubeletAsync("0 pods", cancellationToken));
        foreach (var together in new[] { 1, count })
        {
            var (pods, docker) = (new List<double>(), new List<double>());
            for (var round = 1; round <= rounds; round++)
            {
                docker.Add(double.Parse(await _cluster.OnNodeAsync(DockerPairs.Replace("COUNT", $"{together}", StringComparison.Ordinal), cancellationToken), CultureInfo.InvariantCulture) / 1000);
                pods.Add((await StartAsync(client, together, cancellationToken)).TotalSeconds);
                if (together == count && round == rounds)
                {
                    figures.AddRange(await KubeletAsync($"{count} pods", cancellationToken));
                }

                await DeleteAsync(client, cancellationToken);
            }

            figures.Add(new Figure($"{together} at once: create to all Running", "s", pods, ""));
            figures.Add(new Figure($"{together} at once: Docker alone, the same containers", "s", docker, ""));
        }

        return figures;
    }

    /// <summary>From the first request to the moment when the watch has told that all of them run.</summary>
    private async Task<TimeSpan> StartAsync(IObjectClient client, int count, CancellationToken cancellationToken)
    {
        var version = (await client.ListAsync<V1Pod>(new ListQuery(Namespace), cancellationToken)).ResourceVersion;
        var started = clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => client.CreateAsync(Pod($"timed-{i}"), cancellationToken)));
        var waiting = Enumerable.Range(0, count).Select(i => $"timed-{i}").ToHashSet();
        await foreach (var change in client.WatchAsync<V1Pod>(new ListQuery(Namespace, ResourceVersion: version), cancellationToken))
        {
            if (change.Object?.Status?.Phase == "Running" && waiting.Remove(change.Object.Name()) && waiting.Count == 0)
            {
                return clock.GetElapsedTime(started);
            }
        }

        throw new InvalidOperationException($"The watch ended before {string.Join(", ", waiting)} ran.");
    }

    private async Task DeleteAsync(IObjectClient client, CancellationToken cancellationToken)
    {
        while ((await client.ListAsync<V1Pod>(new ListQuery(Namespace), cancellationToken)).Items is { Count: > 0 } left)
        {
            await Task.WhenAll(left.Where(pod => pod.Metadata?.DeletionTimestamp is null).Select(pod => client.DeleteAsync<V1Pod>(pod.Key(), null, cancellationToken)));
            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellationToken);
        }
    }

    /// <summary>What the kubelet takes while nothing changes.</summary>
    private async Task<IReadOnlyList<Figure>> KubeletAsync(string with, CancellationToken cancellationToken)
    {
        const string Script = """
            p=$(sv status /etc/service/kubelet | sed -n 's/^run: [^(]*(pid \([0-9]*\)).*/\1/p')
            echo $(cut -d')' -f2 /proc/$p/stat | awk '{print $12 + $13}') $(grep -h '^VmRSS' /proc/$p/status | tr -dc 0-9) $(grep -h '^Pss:' /proc/$p/smaps_rollup | tr -dc 0-9)
            """;
        await Task.Delay(Idle, clock, cancellationToken);
        var (started, before) = (clock.GetTimestamp(), Numbers(await _cluster.OnNodeAsync(Script, cancellationToken)));
        await Task.Delay(Idle, clock, cancellationToken);
        var after = Numbers(await _cluster.OnNodeAsync(Script, cancellationToken));

        // A hundred ticks a second.
        var part = (after[0] - before[0]) / 100 / clock.GetElapsedTime(started).TotalSeconds;
        return
        [
            new Figure($"kubelet with {with}: CPU", "% of a core", [part * 100], ""),
            new Figure($"kubelet with {with}: memory (RSS)", "MiB", [after[1] / 1024], ""),
            new Figure($"kubelet with {with}: memory (PSS)", "MiB", [after[2] / 1024], ""),
        ];
    }

    private static List<double> Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    private static V1Pod Pod(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Namespace },
        Spec = new V1PodSpec
        {
            Containers = [new V1Container { Name = "sleep", Image = "busybox:1.36", Command = ["sleep", "3600"] }],
            TerminationGracePeriodSeconds = 0,
        },
    };
}
