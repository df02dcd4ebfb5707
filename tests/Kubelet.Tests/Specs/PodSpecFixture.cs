using System.Text;
using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Tests.Runtime;
using MiniKube.Kubelet.Tests.TestDoubles;
using MiniKube.TestSupport;

using YamlDotNet.RepresentationModel;

namespace MiniKube.Kubelet.Tests.Specs;

/// <summary>One node for the whole suite, which runs its pods several at a time: a pod mostly waits.</summary>
public sealed class PodSpecFixture : IAsyncLifetime
{
    private const int AtOnce = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DockerEngine _engine = new();
    private readonly SemaphoreSlim _slots = new(AtOnce);
    private Dictionary<string, Task> _outcomes = [];
    private DockerNode _node = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _engine.InitializeAsync();
        await ServerImage.MakeAsync(_engine);
        _node = DockerNode.Start(_engine);
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = new NodeNetwork(_engine.NetworkNamespace).ConnectAsync }) { Timeout = TimeSpan.FromSeconds(5) };
        _outcomes = PodSpecCase.All.Values.ToDictionary(specified => specified.Name, specified => Task.Run(() => RunAsync(specified), CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_outcomes.Values).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _node.DisposeAsync();
        _client.Dispose();
        _slots.Dispose();
        await _engine.DisposeAsync();
    }

    /// <summary>Throws what was not as expected.</summary>
    public Task OutcomeAsync(string name) => _outcomes[name];

    private static NamespacedName KeyOf(PodSpecCase specified) => new("default", specified.Name);

    private async Task RunAsync(PodSpecCase specified)
    {
        await _slots.WaitAsync(CancellationToken.None);
        try
        {
            var host = Path.Combine(_engine.Directory, "host", specified.Name);
            PodSpecCase.Put(_node.Api, specified.Yaml.At("objects"), host);
            await WriteFilesAsync(specified, host);
            var pod = specified.Pod(specified.Yaml.At("spec")!, host);
            _node.Add(pod);
            await ExpectAsync(specified, specified.Yaml.At("expect")!);
            if (specified.Yaml.At("then") is { } then)
            {
                PodSpecCase.Put(_node.Api, then.At("objects"), host);
                Change(specified, specified.Pod(then.At("spec") ?? specified.Yaml.At("spec")!, host, 2));
                await ExpectAsync(specified, then.At("expect")!);
            }

            await DeleteAsync(specified);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task WriteFilesAsync(PodSpecCase specified, string host)
    {
        Directory.CreateDirectory(host);
        foreach (var (name, content) in specified.Yaml.At("files").Fields())
        {
            var path = Path.Combine(_engine.Directory, name.Replace("HOST", host, StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, content.Text(), CancellationToken.None);
        }
    }

    /// <summary>As a user would: a new spec, and the status that is there.</summary>
    private void Change(PodSpecCase specified, V1Pod pod)
    {
        var changed = _node.Api.Change<V1Pod>(KeyOf(specified), current => current with { Spec = pod.Spec, Metadata = current.Metadata with { Generation = pod.Metadata.Generation } });
        _node.Agent.Queue.Add(new SyncEvent.PodUpdated(changed));
    }

    private async Task ExpectAsync(PodSpecCase specified, YamlNode expected)
    {
        var problem = "";
        try
        {
            await Eventually.GetAsync(async _ => problem = await ProblemAsync(specified, expected), found => found is null, Patience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            var pod = _node.Api.Find<V1Pod>(KeyOf(specified));
            throw new InvalidOperationException($"{specified.Name}: {problem}\n{string.Join('\n', _node.Events.Of(specified.Name))}\n{KubernetesYaml.Serialize(pod?.Status)}");
        }
    }

    /// <summary>What is not yet as expected, or null.</summary>
    private async Task<string?> ProblemAsync(PodSpecCase specified, YamlNode expected)
    {
        var status = _node.Api.Find<V1Pod>(KeyOf(specified))?.Status;
        if (expected.At("phase") is { } phase && phase.Text() != status?.Phase)
        {
            return $"the phase is {status?.Phase}";
        }

        if (expected.At("status") is { } wanted && SpecYaml.Mismatch(wanted, status is null ? null : JsonNode.Parse(KubernetesJson.Serialize(status)), "status") is { } mismatch)
        {
            return mismatch;
        }

        var events = _node.Events.Of(specified.Name);
        return expected.At("events").Items().Select(line => line.Text()).FirstOrDefault(line => !events.Any(recorded => SpecYaml.IsMatch(line, recorded))) is { } missing
            ? $"there is no event {missing}"
            : await LogProblemAsync(specified, expected) ?? await FetchProblemAsync(expected) ?? await InspectProblemAsync(specified, expected);
    }

    private async Task<string?> LogProblemAsync(PodSpecCase specified, YamlNode expected)
    {
        foreach (var (container, text) in expected.At("logs").Fields())
        {
            var log = await LogAsync(specified, container);
            if (!SpecYaml.IsMatch(text.Text(), log))
            {
                return $"{container} wrote {log}";
            }
        }

        return null;
    }

    private async Task<string?> LogAsync(PodSpecCase specified, string container)
    {
        var status = await _node.Agent.Runtime.GetPodAsync($"{specified.Name}-uid", CancellationToken.None);
        if (status.Container(container) is not { } found)
        {
            return null;
        }

        using var log = new MemoryStream();
        await _node.Agent.Runtime.CopyLogsAsync(found.Id, new LogOptions(), log, CancellationToken.None);
        return Encoding.UTF8.GetString(log.ToArray());
    }

    private async Task<string?> FetchProblemAsync(YamlNode expected)
    {
        foreach (var (url, text) in expected.At("fetch").Fields())
        {
            try
            {
                var page = await _client.GetStringAsync(new Uri(url), CancellationToken.None);
                if (page != text.Text())
                {
                    return $"{url} answers {page}";
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                return $"{url}: {exception.Message}";
            }
        }

        return null;
    }

    private async Task<string?> InspectProblemAsync(PodSpecCase specified, YamlNode expected)
    {
        foreach (var (container, text) in expected.At("inspect").Fields())
        {
            var (format, wanted) = (text.Text().Split(": ")[0], text.Text().Split(": ")[1]);
            var found = (await _engine.DockerAsync($"inspect -f '{format}' $(docker -H {_engine.Endpoint.OriginalString} ps -q --filter label=io.kubernetes.pod.uid={specified.Name}-uid --filter label=io.kubernetes.container.name={container})")).Trim();
            if (!SpecYaml.IsMatch(wanted, found))
            {
                return $"{container} has {found}";
            }
        }

        return null;
    }

    /// <summary>Whatever became of it, nothing of a deleted pod stays.</summary>
    private async Task DeleteAsync(PodSpecCase specified)
    {
        var deleted = _node.Api.Change<V1Pod>(KeyOf(specified), pod => pod.Deleted(1));
        _node.Agent.Queue.Add(new SyncEvent.PodUpdated(deleted));
        await Eventually.GetAsync(_ => Task.FromResult(_node.Api.Deletions.Any(deletion => deletion.Key == KeyOf(specified))), gone => gone, Patience, CancellationToken.None);
        _node.Agent.Queue.Add(new SyncEvent.PodRemoved(deleted));
        await Eventually.GetAsync(_ => LeftAsync(specified), left => left.Length == 0, Patience, CancellationToken.None);
    }

    private async Task<string> LeftAsync(PodSpecCase specified)
    {
        var left = await _node.Agent.Runtime.GetPodAsync($"{specified.Name}-uid", CancellationToken.None);
        var directory = Path.Combine(_engine.Directory, "kubelet", "pods", $"{specified.Name}-uid");
        return string.Join(' ', left.Containers.Select(container => container.Name).Concat(left.Sandboxes.Select(sandbox => sandbox.Id)).Concat(Directory.Exists(directory) ? [directory] : []));
    }
}
