using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Kubelet.Tests.TestDoubles;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.Runtime;

/// <summary>
/// A kubelet that is killed whatever it is doing: the next one finds everything as it is. Three rounds, or as many as KUBELET_KILL_ROUNDS says; KUBELET_KILL_SEED repeats
/// a run's moments.
/// </summary>
[Trait("Needs", "Machine")]
public sealed class KubeletKillTests(DockerEngine engine, ITestOutputHelper output) : IClassFixture<DockerEngine>
{
    private const string NodeName = "node1";
    private const int DefaultRounds = 3;

    // A kubelet is ready after a second or two, and starts and stops a pod in about as long.
    private static readonly TimeSpan LatestKill = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kubelet_KilledAtRandomMoments_LeaksDoublesAndRestartsNothing()
    {
        var seed = Setting("KUBELET_KILL_SEED", Environment.TickCount & 0xffff);
        output.WriteLine($"KUBELET_KILL_SEED={seed}");
        var random = new Random(seed);
        await using var server = await TestApiServer.StartAsync();
        using var connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = server.Kubeconfig, Component = "test" });
        var client = new ObjectClient(connection, null, TimeProvider.System);
        var kubeconfig = await server.KubeconfigOfAsync($"system:node:{NodeName}", "system:nodes");
        await CreateAsync(client, "steady");
        var kubelet = Start(kubeconfig);
        try
        {
            await RunningAsync(client, "steady");
            var before = await ContainersAsync("steady");

            var rounds = Setting("KUBELET_KILL_ROUNDS", DefaultRounds);
            for (var round = 0; round < rounds; round++)
            {
                await CreateAsync(client, $"pod-{round}");
                if (round > 0)
                {
                    await DeleteAsync(client, $"pod-{round - 1}");
                }

                await Task.Delay(LatestKill * random.NextDouble(), TimeProvider.System, Token);
                await KillAsync(kubelet);
                kubelet = Start(kubeconfig);
            }

            await RunningAsync(client, $"pod-{rounds - 1}");
            for (var round = 0; round < rounds - 1; round++)
            {
                await GoneAsync(client, $"pod-{round}");
            }

            await ExpectOnlyAsync(client, "steady", $"pod-{rounds - 1}");
            Assert.Equal(before, await ContainersAsync("steady"));
            await DeleteAsync(client, "steady");
            await DeleteAsync(client, $"pod-{rounds - 1}");
            await GoneAsync(client, "steady");
            await GoneAsync(client, $"pod-{rounds - 1}");
            await ExpectOnlyAsync(client);
        }
        finally
        {
            await KillAsync(kubelet);
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static async Task CreateAsync(ObjectClient client, string name)
    {
        var pod = TestPods.Pod("""
            terminationGracePeriodSeconds: 1
            automountServiceAccountToken: false
            initContainers: [{name: init, image: 'busybox:1', command: [sh, -c, 'echo once >> /data/log'], volumeMounts: [{name: data, mountPath: /data}]}]
            containers: [{name: app, image: 'busybox:1', command: [sleep, '3600'], volumeMounts: [{name: data, mountPath: /data}]}]
            volumes: [{name: data, emptyDir: {medium: Memory}}]
            """, name);
        await client.CreateAsync(pod with { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" } }, Token);
    }

    private static Task DeleteAsync(ObjectClient client, string name) => client.DeleteAsync<V1Pod>(new NamespacedName("default", name), null, Token);

    private static Task<V1Pod?> RunningAsync(ObjectClient client, string name) =>
        Eventually.GetAsync(_ => FindAsync(client, name), pod => pod?.Status?.ContainerStatuses is [{ Ready: true }], Patience, Token);

    private static Task<V1Pod?> GoneAsync(ObjectClient client, string name) => Eventually.GetAsync(_ => FindAsync(client, name), pod => pod is null, Patience, Token);

    private static async Task<V1Pod?> FindAsync(ObjectClient client, string name)
    {
        try
        {
            return await client.GetAsync<V1Pod>(new NamespacedName("default", name), Token);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            return null;
        }
    }

    /// <summary>Every pod has one sandbox, one init container that ran once and one container that was never started again; nothing else is there.</summary>
    private async Task ExpectOnlyAsync(ObjectClient client, params string[] names)
    {
        var directories = new List<string>();
        foreach (var name in names)
        {
            var pod = (await FindAsync(client, name))!;
            directories.Add(pod.Metadata.Uid);
            Assert.Equal(0, pod.Status.ContainerStatuses[0].RestartCount);
            Assert.Equal(["POD", "app", "init"], (await ContainersAsync(name)).Select(line => line.Split(' ')[0]));
        }

        await Eventually.GetAsync(
            async _ => (await engine.DockerAsync("ps -aq")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, count => count == 3 * names.Length, Patience, Token);
        var root = Path.Combine(engine.Directory, "killed", "pods");
        await Eventually.GetAsync(
            _ => Task.FromResult(Directory.Exists(root) ? Directory.GetDirectories(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList() : []),
            found => found.SequenceEqual(directories.Order(StringComparer.Ordinal)), Patience, Token);
        var mounts = (await File.ReadAllLinesAsync("/proc/mounts", Token)).Where(line => line.Contains(root, StringComparison.Ordinal));
        Assert.Equal(names.Length, mounts.Count());
    }

    /// <summary>Name and id of a pod's containers, dead ones too.</summary>
    private async Task<List<string>> ContainersAsync(string pod) =>
        [.. (await engine.DockerAsync($$$"""ps -a --no-trunc --filter label=io.kubernetes.pod.name={{{pod}}} --format '{{.Label "io.kubernetes.container.name"}} {{.ID}}'"""))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private Process Start(string kubeconfig)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "MiniKube.Kubelet"),
        [
            "--kubeconfig", kubeconfig, "--hostname-override", NodeName, "--node-ip", "192.0.2.1", "--address", "127.0.0.1", "--port", FreePort(), "--healthz-port", "0",
            "--root-dir", Path.Combine(engine.Directory, "killed"), "--docker-endpoint", engine.Endpoint.OriginalString,
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, line) => output.WriteLine(line.Data ?? "");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task KillAsync(Process kubelet)
    {
        kubelet.Kill();
        await kubelet.WaitForExitAsync(CancellationToken.None);
        kubelet.Dispose();
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
