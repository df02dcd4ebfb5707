using System.Globalization;
using System.Text.Json.Nodes;

namespace MiniKube.Conformance.Tests;

/// <summary>A namespace of one test, deleted with all that is in it when the test ends.</summary>
public sealed class TestNamespace(Kubectl kubectl, string name) : IAsyncDisposable
{
    public string Name { get; } = name;

    /// <summary>The ids of the containers of its pods, each with its restart count.</summary>
    public async Task<HashSet<string>> ContainersAsync()
    {
        var pods = JsonNode.Parse(await kubectl.RunAsync("get", "pods", "-n", Name, "-o", "json"))!;
        return [.. from pod in pods["items"]!.AsArray()
                   from status in pod!["status"]!["containerStatuses"]!.AsArray()
                   select string.Create(CultureInfo.InvariantCulture, $"{status!["containerID"]} restarted {status["restartCount"]}")];
    }

    public async ValueTask DisposeAsync() => await kubectl.RunAsync("delete", "namespace", Name, "--wait=false");
}
