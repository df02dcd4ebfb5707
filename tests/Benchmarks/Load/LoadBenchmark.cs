using System.Text.Json.Nodes;

namespace MiniKube.Benchmarks.Load;

/// <summary>Runs the workloads one after the other against one server.</summary>
internal sealed class LoadBenchmark(TimeProvider clock, LoadOptions options)
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    private readonly List<Figure> _figures = [];

    /// <summary>What was measured, by its own word.</summary>
    public string Versions { get; private set; } = "";

    /// <summary>Against a server that runs already; its etcd is measured alone, too, if it is named.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync(LoadTarget target, Uri? etcd, CancellationToken cancellationToken)
    {
        Versions = await VersionsAsync(target, etcd, cancellationToken);
        AddMemory(target, "idle");
        await FillAsync(target, cancellationToken);
        await ReadAsync(target, cancellationToken);
        await WriteAsync(target, cancellationToken);
        if (etcd is not null && Runs("store"))
        {
            _figures.AddRange(await new StoreWorkload(clock, options.Duration).EtcdAsync(etcd, options.Clients, cancellationToken));
        }

        return _figures;
    }

    /// <summary>Starts our own server, on etcd or on the embedded store, and measures its start and its memory, too, beside the store alone.</summary>
    public async Task<IReadOnlyList<Figure>> RunOwnAsync(bool usesEtcd, CancellationToken cancellationToken)
    {
        await using var server = new LocalServer(usesEtcd, clock);
        await server.StartStoreAsync(cancellationToken);
        await StartAsync(server, "empty", options.Rounds, cancellationToken);
        Versions = await VersionsAsync(server.Target, server.EtcdAddress, cancellationToken);
        await Task.Delay(Settle, clock, cancellationToken);
        AddMemory(server.Target, "idle");
        await FillAsync(server.Target, cancellationToken);
        await ReadAsync(server.Target, cancellationToken);
        if (Runs("start"))
        {
            await server.StopAsync();
            await StartAsync(server, $"with {options.Pods} pods", options.Rounds, cancellationToken);
        }

        await WriteAsync(server.Target, cancellationToken);
        await server.StopAsync();
        if (Runs("store"))
        {
            var store = new StoreWorkload(clock, options.Duration);
            _figures.AddRange(server.EtcdAddress is { } etcd
                ? await store.EtcdAsync(etcd, options.Clients, cancellationToken)
                : await store.EmbeddedAsync(options.Clients, options.StoredKeys, cancellationToken));
        }

        return [.. _figures.Select(figure => figure with { Name = $"{server.StoreName}: {figure.Name}" })];
    }

    private static async Task<string> VersionsAsync(LoadTarget target, Uri? etcd, CancellationToken cancellationToken)
    {
        using var connection = target.Connect();
        var server = JsonNode.Parse(await connection.GetStringAsync("/version", cancellationToken))?["gitVersion"];
        if (etcd is null)
        {
            return $"{server}";
        }

        using var plain = new HttpClient();
        var store = JsonNode.Parse(await plain.GetStringAsync(new Uri(etcd, "/version"), cancellationToken))?["etcdserver"];
        return $"{server} on etcd {store}";
    }

    private bool Runs(string workload) => options.Workloads.Contains(workload);

    private async Task FillAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        if (Runs("list") || Runs("get") || Runs("start") || Runs("mixed") || Runs("soak"))
        {
            await Reads(target).FillAsync(cancellationToken);
            AddMemory(target, $"with {options.Pods} pods");
        }
    }

    private async Task ReadAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        var reads = Reads(target);
        if (Runs("list"))
        {
            _figures.AddRange(await reads.ListAsync(cancellationToken));
            AddMemory(target, "after the lists");
        }

        foreach (var clients in Runs("get") ? options.Clients : [])
        {
            await RepeatAsync(() => reads.GetAsync(clients, maybeStale: false, cancellationToken));
            await RepeatAsync(() => reads.GetAsync(clients, maybeStale: true, cancellationToken));
        }
    }

    private async Task WriteAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        var writes = new WriteWorkloads(target, clock, options.Duration);
        if (Runs("create"))
        {
            _figures.AddRange(await writes.CreateFirstAsync(cancellationToken));
        }

        foreach (var clients in Runs("create") ? options.Clients : [])
        {
            await RepeatAsync(() => writes.CreateAsync(clients, cancellationToken));
        }

        if (Runs("update"))
        {
            await RepeatAsync(() => writes.UpdateAsync(options.Clients.Max(), cancellationToken));
        }

        if (Runs("mixed"))
        {
            var mixed = new MixedWorkload(target, clock, options.Duration, options.Pods);
            await RepeatAsync(() => mixed.RunAsync(options.Clients.Max(), cancellationToken));
        }

        var watches = new WatchWorkload(target, clock, options.Duration);
        foreach (var watchers in Runs("watch") ? options.Watchers : [])
        {
            await RepeatAsync(() => watches.RunAsync(watchers, cancellationToken));
        }

        if (Runs("churn"))
        {
            _figures.AddRange(await new ChurnWorkload(target, clock).RunAsync(options.Churn, cancellationToken));
        }

        if (Runs("soak"))
        {
            _figures.AddRange(await new SoakWorkload(target, clock, options.Soak, options.Pods).RunAsync(cancellationToken));
        }
    }

    private ReadWorkloads Reads(LoadTarget target) => new(target, clock, options.Duration, options.Pods);

    private async Task StartAsync(LocalServer server, string with, int rounds, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var processor = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            if (round > 0)
            {
                await server.StopAsync();
            }

            var (time, used) = await server.StartAsync(cancellationToken);
            times.Add(time);
            processor.Add(used);
        }

        _figures.Add(new Figure($"start to /readyz, {with}", "s", times, ""));
        _figures.Add(new Figure($"start to /readyz, {with}: CPU", "s", processor, ""));
    }

    // One figure of each name, with a sample of every round.
    private async Task RepeatAsync(Func<Task<IReadOnlyList<Figure>>> measure)
    {
        var rounds = new List<IReadOnlyList<Figure>>();
        for (var round = 0; round < options.Rounds; round++)
        {
            rounds.Add(await measure());
        }

        _figures.AddRange(rounds[0].Select((figure, index) => figure with { Samples = [.. rounds.SelectMany(round => round[index].Samples)] }));
    }

    private void AddMemory(LoadTarget target, string when)
    {
        if (target.Process is { } process)
        {
            _figures.Add(new Figure($"memory (RSS), {when}", "MiB", [process.ResidentMebibytes()], ""));
        }
    }
}
