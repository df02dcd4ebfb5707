using System.Net;
using System.Net.Sockets;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>The kubelet as its command line starts it, with the hollow runtime and a real API server in this process.</summary>
public sealed class RunningKubelet : IAsyncDisposable
{
    public const string NodeName = "node1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestApiServer _server;
    private readonly ApiConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _kubelet;

    private RunningKubelet(TestApiServer server, string kubeconfig, string directory, string[] flags)
    {
        (_server, Directory) = (server, directory);
        _connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = server.Kubeconfig, Component = "test" });
        Client = new ObjectClient(_connection, null, TimeProvider.System);
        _kubelet = KubeletCommand.Create()
            .Parse([
                "--runtime", "hollow", "--kubeconfig", kubeconfig, "--hostname-override", NodeName, "--node-ip", "192.0.2.1", "--address", "127.0.0.1",
                "--port", Text(Port), "--healthz-port", Text(HealthzPort), "--root-dir", directory, .. flags,
            ])
            .InvokeAsync(null, _stop.Token);
    }

    public IObjectClient Client { get; }

    /// <summary>For a test's own files, too.</summary>
    public string Directory { get; }

    public int Port { get; } = FreePort();

    public int HealthzPort { get; } = FreePort();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="flags">More flags, made of the path of the kubelet's folder.</param>
    public static async Task<RunningKubelet> StartAsync(Func<string, string[]>? flags = null)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("minikube-kubelet-").FullName;
        var server = await TestApiServer.StartAsync();
        var all = flags?.Invoke(directory) ?? [];

        // One node has only a node's rights; a process that is many nodes is nobody's node.
        var kubeconfig = all.Contains("--hollow-nodes") ? server.Kubeconfig : await server.KubeconfigOfAsync($"system:node:{NodeName}", "system:nodes");
        return new RunningKubelet(server, kubeconfig, directory, all);
    }

    public Task<T> EventuallyAsync<T>(string name, Func<T, bool> wanted, string @namespace = "default")
        where T : class, IKubernetesObject<V1ObjectMeta> => Wait.ForAsync(async () =>
        {
            FailIfEnded();
            return await FindAsync<T>(name, @namespace) is { } found && wanted(found) ? found : null;
        });

    public Task GoneAsync<T>(string name)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Eventually.GetAsync(_ => FindAsync<T>(name, "default"), found => found is null, Patience, Token);

    /// <summary>Makes a pod that is bound to the node and waits until it runs.</summary>
    public async Task<V1Pod> RunAsync(string name)
    {
        var pod = TestPods.Pod("containers: [{name: app, image: 'busybox:1'}]", name);
        await Client.CreateAsync(pod with { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" } }, Token);
        return await EventuallyAsync<V1Pod>(name, found => found.Status?.Phase == "Running");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _kubelet;
        _connection.Dispose();
        await _server.DisposeAsync();
        _stop.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void FailIfEnded() => Assert.False(_kubelet.IsCompleted, "the kubelet has ended");

    private async Task<T?> FindAsync<T>(string name, string @namespace)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await Client.GetAsync<T>(new NamespacedName(@namespace, name), Token);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            return null;
        }
    }
}
