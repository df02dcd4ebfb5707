namespace MiniKube.Kubelet.Tests.Specs;

/// <summary>A feature of pods each, on a real Docker Engine: what upstream documents comes of it. The pods stand in the YAML files of this folder.</summary>
[Trait("Needs", "Machine")]
public sealed class PodSpecTests(PodSpecFixture suite) : IClassFixture<PodSpecFixture>
{
    public static TheoryData<string> Names => [.. PodSpecCase.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Pod_AsSpecified_BecomesWhatUpstreamDocuments(string name) => suite.OutcomeAsync(name);
}
