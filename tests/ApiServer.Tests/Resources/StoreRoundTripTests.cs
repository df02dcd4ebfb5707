using System.Text.Json.Nodes;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;
using MiniKube.Storage.Embedded;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Objects of every kind on their way from a body into a store and back: no field that the table knows is lost or changed.</summary>
public sealed class StoreRoundTripTests
{
    private const int Rounds = 5;

    // Fields that say what another field says, or nothing: upstream's defaults make the one of the other.
    private static readonly string[] Aliases = [".spec.serviceAccount:", ".spec.podCIDR:", ".status.podIPs", ".data.", ".stringData:", ".spec.sessionAffinityConfig:"];

    public static TheoryData<string, string> Kinds =>
        [.. Strategies.All.Where(strategy => strategy.IsStored).Select(strategy => (strategy.Kind.ApiVersion, strategy.Kind.Kind))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task StoreThenRead_RandomObjectOfEveryKind_IsTheSame(string apiVersion, string kind)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var strategy = Strategies.All.Single(candidate => (candidate.Kind.ApiVersion, candidate.Kind.Kind) == (apiVersion, kind));
        var codec = new ObjectCodec(strategy);
        var reader = new ObjectReader("/registry/test/", strategy, codec, NullLogger<ObjectReader>.Instance);
        await using var store = await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = ":memory:" }, NullLogger<EmbeddedStore>.Instance, TimeProvider.System, cancellationToken);
        for (var round = 0; round < Rounds; round++)
        {
            var given = Random(strategy, round);
            var obj = ObjectDecoder.Decode(JsonCodec.Write(given, strategy.Type), strategy.Type!).Object;
            strategy.ApplyDefaults(obj);
            var defaulted = (JsonObject)obj.DeepClone();

            var put = Operation.Put($"/registry/test/{round}", codec.ToStored(obj));
            var written = await store.CommitAsync(new Transaction([], [put]), cancellationToken);
            var read = await store.RangeAsync(new RangeQuery(KeyRange.Single(put.Key)), cancellationToken);

            var served = reader.Read(read.Items.Single());
            Assert.Equal(written.Revision, served.Revision);
            defaulted["metadata"]!["resourceVersion"] = $"{served.Revision}";
            var back = JsonCodec.Parse(served.Json.Span);
            Assert.Empty(Lost(defaulted, back, ""));
            Assert.DoesNotContain(Lost(given, back, ""), loss => !Aliases.Any(alias => loss.Contains(alias, StringComparison.Ordinal)));
            Assert.True(strategy.ConvertsStored || served.Json.Span.SequenceEqual(JsonCodec.Write(defaulted, strategy.Type)));
        }
    }

    // The fields of the first that the second has not, or has otherwise.
    private static IEnumerable<string> Lost(JsonNode? given, JsonNode? kept, string path) => (given, kept) switch
    {
        (JsonObject fields, JsonObject others) => fields.SelectMany(field => Lost(field.Value, others[field.Key], $"{path}.{field.Key}")),
        (JsonArray items, JsonArray others) when items.Count == others.Count => items.SelectMany((item, i) => Lost(item, others[i], $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(given, kept) ? [] : [$"{path}: {given?.ToJsonString()} became {kept?.ToJsonString()}"],
    };

    private static JsonObject Random(ResourceStrategy strategy, int seed)
    {
        var obj = ObjectDecoder.Decode(new RandomObject(new Random(seed)).OfKind(strategy.Type!), strategy.Type!);
        Assert.Empty(obj.StrictErrors);
        var metadata = ObjectMetadata.Of(obj.Object);
        metadata["name"] = "a";
        metadata.Remove("resourceVersion");
        return obj.Object;
    }
}
