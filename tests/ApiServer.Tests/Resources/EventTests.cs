using System.Net;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Events in both forms: one store, the rules of each version, and what client-go's recorders send.</summary>
[Collection(ServerCollection.Name)]
public sealed class EventTests(ServerFixture fixture)
{
    private const string Core = "\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"NS\",\"name\":\"p\"},\"reason\":\"R\",\"message\":\"m\",\"type\":\"Normal\",\"source\":{\"component\":\"c\"},\"firstTimestamp\":\"2026-01-01T00:00:00Z\",\"lastTimestamp\":\"2026-01-01T00:00:00Z\",\"count\":1";
    private const string New = "\"regarding\":{\"kind\":\"Pod\",\"namespace\":\"NS\",\"name\":\"p\"},\"reason\":\"R\",\"note\":\"n\",\"type\":\"Normal\",\"eventTime\":\"2026-01-01T00:00:00.123456Z\",\"reportingController\":\"example.com/c\",\"reportingInstance\":\"i\",\"action\":\"Did\"";

    [Fact]
    public async Task Event_OfEitherForm_IsReadInBoth()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, "old", Core);
        (await client.SendAsync(HttpMethod.Post, Events(client), Named(client, "new", New))).Expect(201);

        var asNew = (await client.GetAsync($"{Events(client)}/old")).Expect(200).Json;
        var asOld = (await client.GetAsync(client.Core("events/new"))).Expect(200).Json;

        Assert.Equal(("m", "p", 1, "c"), (asNew.StringAt("note"), asNew.StringAt("regarding", "name"), asNew.IntegerAt("deprecatedCount"), asNew.StringAt("deprecatedSource", "component")));
        Assert.Equal("2026-01-01T00:00:00Z", asNew.StringAt("deprecatedFirstTimestamp"));
        Assert.Equal(("n", "p", "example.com/c", "i"), (asOld.StringAt("message"), asOld.StringAt("involvedObject", "name"), asOld.StringAt("reportingComponent"), asOld.StringAt("reportingInstance")));
        Assert.Equal("2026-01-01T00:00:00.123456Z", asOld.StringAt("eventTime"));
    }

    [Fact]
    public async Task Events_BySelectors_AreFoundInBothForms()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, "old", Core);
        (await client.SendAsync(HttpMethod.Post, Events(client), Named(client, "new", New))).Expect(201);
        await CreateAsync(client, "other", Core.Replace("\"name\":\"p\"", "\"name\":\"q\"", StringComparison.Ordinal));

        Assert.Equal(["new", "old"], (await client.GetAsync(client.Core("events?fieldSelector=involvedObject.name%3Dp,involvedObject.kind%3DPod"))).Expect(200).Names);
        Assert.Equal(["new", "old"], (await client.GetAsync($"{Events(client)}?fieldSelector=regarding.name%3Dp")).Expect(200).Names);
        Assert.Equal(["old", "other"], (await client.GetAsync(client.Core("events?fieldSelector=source%3Dc"))).Expect(200).Names);
        Assert.Equal(["new"], (await client.GetAsync($"{Events(client)}?fieldSelector=reportingController%3Dexample.com/c")).Expect(200).Names);
    }

    [Fact]
    public async Task Events_DeletedAsACollection_AreGoneInBothForms()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, "old", Core);
        (await client.SendAsync(HttpMethod.Post, Events(client), Named(client, "new", New))).Expect(201);

        (await client.SendAsync(HttpMethod.Delete, Events(client))).Expect(200);

        Assert.Empty((await client.GetAsync(client.Core("events"))).Expect(200).Names);
    }

    // The patch of client-go's newer recorder when the same happens again.
    [Fact]
    public async Task Event_Series_IsPatched()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.SendAsync(HttpMethod.Post, Events(client), Named(client, "new", New))).Expect(201);
        const string Series = """{"series":{"count":2,"lastObservedTime":"2026-01-01T00:06:00.000001Z"}}""";

        var patched = (await client.SendAsync(HttpMethod.Patch, $"{Events(client)}/new", Series, "application/strategic-merge-patch+json")).Expect(200).Json;

        Assert.Equal(2, patched.IntegerAt("series", "count"));
        Assert.Equal(2, (await client.GetAsync(client.Core("events/new"))).Expect(200).Json.IntegerAt("series", "count"));
    }

    [Theory]
    [InlineData("""{"reason":"S"}""", "reason: Invalid value: \"S\": field is immutable")]
    [InlineData("""{"note":"o"}""", "message: Invalid value: \"o\": field is immutable")]
    [InlineData("""{"reportingController":"d"}""", "reportingController: Invalid value: \"d\": field is immutable")]
    [InlineData("""{"series":{"count":1,"lastObservedTime":"2026-01-01T00:06:00.000001Z"}}""", "series.count: Invalid value: \"\": should be at least 2")]
    [InlineData("""{"eventTime":"2026-01-01T00:00:00.123456Z","metadata":{"labels":{"a":"b"}}}""", "")]
    public async Task Event_NewForm_ChangesItsSeriesOnly(string patch, string fault)
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.SendAsync(HttpMethod.Post, Events(client), Named(client, "new", New))).Expect(201);

        var answer = await client.SendAsync(HttpMethod.Patch, $"{Events(client)}/new", patch, "application/merge-patch+json");

        Assert.Equal(fault.Length == 0 ? 200 : 422, answer.Status);
        Assert.Contains(fault, answer.Text.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "eventTime: Required value\ntype: Invalid value: \"\": has invalid value: ")]
    [InlineData("{\"eventTime\":\"2026-01-01T00:00:00.000001Z\",\"type\":\"Normal\"}", "reportingController: Required value\nreportingController: Invalid value: \"\": name part must be non-empty\nreportingController: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\nreportingInstance: Required value\naction: Required value\nreason: Required value")]
    [InlineData("{" + New + ",\"deprecatedCount\":3,\"deprecatedSource\":{\"component\":\"c\"}}", "count: Invalid value: \"\": needs to be unset\nsource: Invalid value: \"\": needs to be unset")]
    [InlineData("{" + New + ",\"series\":{\"count\":1}}", "series.count: Invalid value: \"\": should be at least 2\nseries.lastObservedTime: Required value")]
    public void Event_NewForm_IsHeldToTheNewRules(string obj, string faults)
    {
        var strategy = Strategies.All.Single(s => s.Kind.Group == "events.k8s.io");
        var @event = Strategies.Parse(obj.Replace("NS", "default", StringComparison.Ordinal));
        @event["metadata"] = Strategies.Parse("""{"name":"e","namespace":"default"}""");

        Assert.Equal(faults, string.Join("\n", strategy.Validate(@event)));
    }

    [Theory]
    [InlineData("default", "{}", "")]
    [InlineData("ns", "{}", "involvedObject.namespace: Invalid value: \"\": does not match event.namespace")]
    [InlineData("ns", """{"involvedObject":{"namespace":"other"}}""", "involvedObject.namespace: Invalid value: \"other\": does not match event.namespace")]
    [InlineData("ns", """{"involvedObject":{"namespace":"ns"},"type":"Anything"}""", "")]
    [InlineData("kube-system", """{"eventTime":"2026-01-01T00:00:00.000001Z","reportingComponent":"c","reportingInstance":"i","action":"a","reason":"r"}""", "")]
    public void Event_OldForm_IsHeldToTheOldRules(string space, string obj, string faults)
    {
        var strategy = Strategies.All.Single(s => s.Plural == "events" && s.Kind.Group.Length == 0);
        var @event = Strategies.Parse(obj);
        @event["metadata"] = Strategies.Parse("{\"name\":\"E.1\",\"namespace\":\"" + space + "\"}");

        Assert.Equal(faults, string.Join("\n", strategy.Validate(@event)));
        Assert.Empty(strategy.ValidateName("E.1"));
    }

    private static string Events(ApiClient client) => $"/apis/events.k8s.io/v1/namespaces/{client.Namespace}/events";

    private static string Named(ApiClient client, string name, string fields) =>
        "{\"metadata\":{\"name\":\"" + name + "\"}," + fields.Replace("NS", client.Namespace, StringComparison.Ordinal) + "}";

    private static async Task CreateAsync(ApiClient client, string name, string fields) =>
        (await client.CreateAsync("events", Named(client, name, fields))).Expect((int)HttpStatusCode.Created);
}
