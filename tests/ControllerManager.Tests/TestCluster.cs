using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.TestSupport;

namespace MiniKube.ControllerManager.Tests;

/// <summary>A real API server and a real controller manager in the test's process. There are no nodes: a test plays the kubelet.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    // The first wait of a test is also for the controllers to start, beside those of the other tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly TestApiServer _server;
    private readonly ApiConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _controllers;
    private int _addresses;

    private TestCluster(TestApiServer server, string kubeconfig, string[] flags)
    {
        _server = server;
        _connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = server.Kubeconfig, Component = "test" });
        Client = new ObjectClient(_connection, null, TimeProvider.System);
        _controllers = ControllerManagerCommand.Create()
            .Parse([
                "--kubeconfig", kubeconfig, "--secure-port", "0", "--use-service-account-credentials=true", "--root-ca-file", server.AuthorityFile,
                "--service-account-private-key-file", server.ServiceAccountKeyFile, .. flags,
            ])
            .InvokeAsync(null, _stop.Token);
    }

    public IObjectClient Client { get; }

    public TestApiServer Server => _server;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The controllers have only the rights that upstream's roles give them.</summary>
    public static async Task<TestCluster> StartAsync(params string[] flags) => await StartAsync(await TestApiServer.StartAsync(), flags);

    /// <summary>With a server of the test's own making, which ends with the cluster.</summary>
    public static async Task<TestCluster> StartAsync(TestApiServer server, params string[] flags) =>
        new(server, await server.KubeconfigOfAsync("system:kube-controller-manager"), flags);

    public Task<T> CreateAsync<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> => Client.CreateAsync(obj, Cancelled);

    public Task DeleteAsync<T>(string name, string? propagationPolicy = null, string ns = "default")
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Client.DeleteAsync<T>(new NamespacedName(ns, name), new V1DeleteOptions { PropagationPolicy = propagationPolicy }, Cancelled);

    public Task PatchAsync<T>(string name, object patch, string? subresource = null, string ns = "default")
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Client.PatchAsync<T>(new NamespacedName(ns, name), new V1Patch(patch, V1Patch.PatchType.MergePatch), subresource, Cancelled);

    /// <summary>Waits until the objects are as wanted.</summary>
    public Task<IReadOnlyList<T>> EventuallyAsync<T>(Func<IReadOnlyList<T>, bool> wanted, string ns = "default")
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        EventuallyAsync(async token => (await Client.ListAsync<T>(new ListQuery(ns), token)).Items, wanted);

    /// <summary>Waits until the object is as wanted; null stands for none.</summary>
    public Task<T?> EventuallyAsync<T>(string name, Func<T?, bool> wanted, string ns = "default")
        where T : class, IKubernetesObject<V1ObjectMeta> => EventuallyAsync(token => FindAsync<T>(name, ns, token), wanted);

    /// <summary>Does what a kubelet would: each pod that has none gets an address and becomes ready.</summary>
    public async Task RunPodsAsync(string ns = "default")
    {
        foreach (var pod in (await Client.ListAsync<V1Pod>(new ListQuery(ns), Cancelled)).Items)
        {
            if (pod.Metadata.DeletionTimestamp is null && pod.Status?.PodIP is null)
            {
                await RunAsync(pod);
            }
        }
    }

    /// <summary>Waits until the object is as wanted, and runs what pods come up meanwhile.</summary>
    public Task<T?> WhileRunningPodsAsync<T>(string name, Func<T?, bool> wanted, string ns = "default")
        where T : class, IKubernetesObject<V1ObjectMeta> => EventuallyAsync(
        async token =>
        {
            await RunPodsAsync(ns);
            return await FindAsync<T>(name, ns, token);
        },
        wanted);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _controllers;
        _stop.Dispose();
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    private async Task RunAsync(V1Pod pod)
    {
        try
        {
            await Client.UpdateStatusAsync(pod with { Status = Running(pod) }, Cancelled);
        }
        catch (StatusException exception) when (exception.Code is 404 or 409)
        {
            // A controller was faster.
        }
    }

    private async Task<T> EventuallyAsync<T>(Func<CancellationToken, Task<T>> ask, Func<T, bool> wanted)
    {
        var last = default(T);
        try
        {
            return await Eventually.GetAsync(ask, IsWanted, Patience, Cancelled);
        }
        catch (TimeoutException exception)
        {
            var pods = await Client.ListAsync<V1Pod>(new ListQuery(), Cancelled);
            throw new TimeoutException($"{KubernetesJson.Serialize(last)}\nThe pods: {KubernetesJson.Serialize(pods.Items)}", exception);
        }

        bool IsWanted(T answer)
        {
            last = answer;
            return _controllers.IsCompleted ? throw new InvalidOperationException("The controller manager has ended; see the log.") : wanted(answer);
        }
    }

    private async Task<T?> FindAsync<T>(string name, string ns, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await Client.GetAsync<T>(new NamespacedName(ns, name), cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            return null;
        }
    }

    private V1PodStatus Running(V1Pod pod)
    {
        var address = $"10.244.1.{Interlocked.Increment(ref _addresses)}";
        var now = TimeProvider.System.GetKubernetesNow();
        return (pod.Status ?? new V1PodStatus()) with
        {
            Phase = "Running",
            PodIP = address,
            PodIPs = [new V1PodIP { Ip = address }],
            Conditions = [new V1PodCondition { Type = "Ready", Status = "True", LastTransitionTime = now }],
        };
    }
}
