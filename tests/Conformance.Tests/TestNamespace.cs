namespace MiniKube.Conformance.Tests;

/// <summary>A namespace of one test, deleted with all that is in it when the test ends.</summary>
public sealed class TestNamespace(Kubectl kubectl, string name) : IAsyncDisposable
{
    public string Name { get; } = name;

    public async ValueTask DisposeAsync() => await kubectl.RunAsync("delete", "namespace", Name, "--wait=false");
}
