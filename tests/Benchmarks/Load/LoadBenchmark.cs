namespace MiniKube.Benchmarks.Load;

/// <summary>Runs the workloads one after the other against one server.</summary>
internal sealed class LoadBenchmark(TimeProvider clock, LoadOptions options)
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    /// <summary>Against a server that runs already.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        var writes = new WriteWorkloads(target, clock, options.Duration);
        var reads = new ReadWorkloads(target, clock, options.Duration, options.Pods);
        var watches = new WatchWorkload(target, clock, options.Duration);
        foreach (var clients in options.Clients)
        {
            figures.AddRange(await writes.CreateAsync(clients, cancellationToken));
        }

        figures.AddRange(await writes.UpdateAsync(options.Clients.Max(), cancellationToken));
        foreach (var watchers in options.Watchers)
        {
            figures.AddRange(await watches.RunAsync(watchers, cancellationToken));
        }

        await reads.FillAsync(cancellationToken);
        AddMemory(figures, target, $"with {options.Pods} pods more");
        foreach (var clients in options.Clients)
        {
            figures.AddRange(await reads.GetAsync(clients, maybeStale: false, cancellationToken));
            figures.AddRange(await reads.GetAsync(clients, maybeStale: true, cancellationToken));
        }

        figures.AddRange(await reads.ListAsync(cancellationToken));
        AddMemory(figures, target, "after the lists");
        return figures;
    }

    /// <summary>Starts our own server, on etcd or on the embedded store, and measures its start and its memory, too, beside the store alone.</summary>
    public async Task<IReadOnlyList<Figure>> RunOwnAsync(bool usesEtcd, CancellationToken cancellationToken)
    {
        await using var server = new LocalServer(usesEtcd, clock);
        await server.StartStoreAsync(cancellationToken);
        var (empty, emptyProcessor) = await server.StartAsync(cancellationToken);
        await Task.Delay(Settle, clock, cancellationToken);
        List<Figure> figures =
        [
            new Figure("start to /readyz, empty", "s", [empty], ""),
            new Figure("start to /readyz, empty: CPU", "s", [emptyProcessor], ""),
        ];
        AddMemory(figures, server.Target, "idle");
        figures.AddRange(await RunAsync(server.Target, cancellationToken));
        await server.StopAsync();
        var (full, fullProcessor) = await server.StartAsync(cancellationToken);
        figures.Add(new Figure("start to /readyz, with all these pods", "s", [full], ""));
        figures.Add(new Figure("start to /readyz, with all these pods: CPU", "s", [fullProcessor], ""));
        await server.StopAsync();
        var store = new StoreWorkload(clock, options.Duration);
        figures.AddRange(server.EtcdAddress is { } etcd
            ? await store.EtcdAsync(etcd, options.Clients, cancellationToken)
            : await store.EmbeddedAsync(options.Clients, cancellationToken));
        return [.. figures.Select(figure => figure with { Name = $"{server.StoreName}: {figure.Name}" })];
    }

    private static void AddMemory(List<Figure> figures, LoadTarget target, string when)
    {
        if (target.Process is { } process)
        {
            figures.Add(new Figure($"memory (RSS), {when}", "MiB", [process.ResidentMebibytes()], ""));
        }
    }
}
