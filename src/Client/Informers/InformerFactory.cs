using k8s;
using k8s.Models;

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MiniKube.Client.Informers;

/// <summary>Makes an informer the first time it is asked for, and runs all of them while the host runs.</summary>
internal sealed class InformerFactory(IObjectClient client, TimeProvider clock, Random random, ILogger<InformerFactory> logger)
    : BackgroundService, IInformerFactory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Type, ListQuery), object> _informers = [];
    private readonly List<Func<CancellationToken, Task>> _waiting = [];
    private readonly List<Task> _running = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken? _stopping;

    public IInformer<T> Get<T>(string labelSelector = "", string fieldSelector = "", string @namespace = "")
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var query = new ListQuery(@namespace, labelSelector, fieldSelector);
        lock (_lock)
        {
            if (_informers.TryGetValue((typeof(T), query), out var existing))
            {
                return (IInformer<T>)existing;
            }

            var informer = new Informer<T>();
            _informers[(typeof(T), query)] = informer;
            StartLocked(new Reflector<T>(new ObjectListWatch<T>(client), informer, query, clock, random, logger, typeof(T).Name).RunAsync);
            return informer;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lock (_lock)
        {
            _stopping = stoppingToken;
            _waiting.ForEach(StartLocked);
            _waiting.Clear();
        }

        await using (stoppingToken.Register(() => _ended.TrySetResult()))
        {
            await _ended.Task;
        }

        await Task.WhenAll(Running());
    }

    private Task[] Running()
    {
        lock (_lock)
        {
            return [.. _running];
        }
    }

    private void StartLocked(Func<CancellationToken, Task> run)
    {
        if (_stopping is { } stopping)
        {
            _running.Add(RunAsync(run, stopping));
        }
        else
        {
            _waiting.Add(run);
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> run, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            await run(stopping);
        }
        catch (Exception exception)
        {
            // A reflector ends only with the host. One that fails otherwise is a defect, and ends the process rather than leave it blind.
            _ended.TrySetException(exception);
            throw;
        }
    }
}
