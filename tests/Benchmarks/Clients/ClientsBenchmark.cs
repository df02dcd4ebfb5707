using k8s;

using MiniKube.TestSupport;

namespace MiniKube.Benchmarks.Clients;

/// <summary>Makes a cluster with <c>mk</c>, asks it for its OpenAPI documents, and runs kubectl against it with a cold and with a warm cache.</summary>
internal sealed class ClientsBenchmark(TimeProvider clock)
{
    private const string Cluster = "clients";

    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: timed}
        spec:
          replicas: 0
          selector: {matchLabels: {app: timed}}
          template:
            metadata: {labels: {app: timed}}
            spec: {containers: [{name: c, image: busybox:1.36, command: [sleep, "3600"]}]}
        """;

    // What is asked for, and the media types of the form that clients ask for.
    private static readonly (string Name, string Path, string Accept)[] Documents =
    [
        ("OpenAPI v3, api/v1", "/openapi/v3/api/v1", "application/json"),
        ("OpenAPI v3, apis/apps/v1", "/openapi/v3/apis/apps/v1", "application/json"),
        ("OpenAPI v2, protobuf", "/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"),
        ("OpenAPI v2, JSON", "/openapi/v2", "application/json"),
    ];

    private static readonly string[][] Commands =
    [
        ["get", "pods"],
        ["apply", "-f", "-"],
        ["explain", "pod.spec.containers"],
        ["explain", "pod", "--recursive"],
    ];

    private static string Kubeconfig => Path.Combine(RepositoryRoot.Path, ".mk", Cluster, "kubeconfig");

    public async Task<IReadOnlyList<Figure>> RunAsync(int rounds, IReadOnlyList<string> versions, CancellationToken cancellationToken)
    {
        await MkAsync("down", cancellationToken);
        (await MkAsync("up", cancellationToken)).EnsureSuccess();
        try
        {
            var figures = new List<Figure>(await MeasureDocumentsAsync(rounds, cancellationToken));
            foreach (var version in versions)
            {
                figures.AddRange(await MeasureCommandsAsync(version, rounds, cancellationToken));
            }

            return figures;
        }
        finally
        {
            (await MkAsync("down", CancellationToken.None)).EnsureSuccess();
        }
    }

    private async Task<IReadOnlyList<Figure>> MeasureDocumentsAsync(int rounds, CancellationToken cancellationToken)
    {
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        var figures = new List<Figure>();
        foreach (var (name, path, accept) in Documents)
        {
            // The first request is the one that makes the document.
            var (size, first) = await FetchAsync(client, path, accept, cancellationToken);
            var later = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                later.Add((await FetchAsync(client, path, accept, cancellationToken)).Milliseconds);
            }

            figures.Add(new Figure($"{name}: size", "kB", [size / 1000d], ""));
            figures.Add(new Figure($"{name}: first request", "ms", [first], ""));
            figures.Add(new Figure($"{name}: later requests", "ms", later, ""));
        }

        return figures;
    }

    private async Task<(long Size, double Milliseconds)> FetchAsync(Kubernetes client, string path, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var started = clock.GetTimestamp();
        using var response = await client.HttpClient.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var size = (await response.Content.ReadAsByteArrayAsync(cancellationToken)).LongLength;
        return (size, clock.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task<IReadOnlyList<Figure>> MeasureCommandsAsync(string version, int rounds, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>
        {
            new($"kubectl {version} version --client: without a server", "ms", await RepeatAsync(version, rounds, ["version", "--client"], "", cancellationToken), ""),
        };
        foreach (var arguments in Commands)
        {
            var cold = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var cache = Directory.CreateTempSubdirectory("mk-cold-");
                cold.AddRange(await RepeatAsync(version, 1, arguments, cache.FullName, cancellationToken));
                cache.Delete(recursive: true);
            }

            var warm = Directory.CreateTempSubdirectory("mk-warm-");
            await RepeatAsync(version, 1, arguments, warm.FullName, cancellationToken);
            var name = $"kubectl {version} {string.Join(' ', arguments)}";
            figures.Add(new Figure($"{name}: cold cache", "ms", cold, ""));
            figures.Add(new Figure($"{name}: warm cache", "ms", await RepeatAsync(version, rounds, arguments, warm.FullName, cancellationToken), ""));
            warm.Delete(recursive: true);
        }

        return figures;
    }

    private async Task<IReadOnlyList<double>> RepeatAsync(
        string version, int rounds, IReadOnlyList<string> arguments, string cache, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var started = clock.GetTimestamp();
            var result = await CommandRunner.RunAsync(
                Path.Combine(RepositoryRoot.Path, "artifacts/tools", $"kubectl-{version}", "kubectl"),
                cache.Length == 0 ? arguments : ["--kubeconfig", Kubeconfig, "--cache-dir", cache, .. arguments],
                new CommandInput { StandardInput = Deployment, Timeout = TimeSpan.FromMinutes(1) },
                cancellationToken);
            result.EnsureSuccess();
            times.Add(clock.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    private static Task<CommandResult> MkAsync(string verb, CancellationToken cancellationToken) => CommandRunner.RunAsync(
        Path.Combine(RepositoryRoot.Path, "mk"), [verb, "--name", Cluster], new CommandInput { Timeout = TimeSpan.FromMinutes(3) }, cancellationToken);
}
