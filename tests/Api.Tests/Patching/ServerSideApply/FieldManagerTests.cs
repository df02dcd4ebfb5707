using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Tests.Patching.ServerSideApply;

public sealed class FieldManagerTests
{
    private const string Web =
        """
        {"metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
        "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"nginx","ports":[{"containerPort":80}]}]}}}}
        """;

    [Fact]
    public void Update_NewDeployment_IsOwnedAsUpstreamWritesIt()
    {
        var state = Deployment().Update("kubectl-create", Web);

        Assert.Equal(
            """
            {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},
            "f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}},"f:resources":{}}}}}}}
            """.ReplaceLineEndings(""),
            state.FieldsOf("kubectl-create", "Update"));
        var entry = state.ManagedFields![0]!.AsObject();
        Assert.Equal("""["manager","operation","apiVersion","time","fieldsType","fieldsV1"]""", new JsonArray([.. entry.Select(field => (JsonNode)field.Key)]).ToJsonString());
        Assert.Equal("2026-01-02T03:04:06Z", (string?)entry["time"]);
        Assert.Equal("apps/v1", (string?)entry["apiVersion"]);
    }

    [Fact]
    public void Apply_NewDeployment_OwnsWhatItSaysAndNoMore()
    {
        var state = Deployment().Apply("kubectl", Web);

        Assert.Equal(
            """
            {"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},
            "f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}
            """.ReplaceLineEndings(""),
            state.FieldsOf("kubectl"));
        Assert.Equal(["kubectl Apply"], state.Managers);
    }

    [Fact]
    public void Apply_OtherValueOfAnUpdaterField_ConflictsInUpstreamsWords()
    {
        var state = Deployment().Update("kubectl-client-side-apply", Web);

        var conflict = state.Refused("kubectl", """{"metadata":{"name":"web"},"spec":{"replicas":3}}""");

        Assert.Equal((409, "Conflict"), (conflict.Code, conflict.Reason));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: .spec.replicas", conflict.Message);
        var cause = Assert.Single(conflict.Status.Details.Causes);
        Assert.Equal(
            ("FieldManagerConflict", "conflict with \"kubectl-client-side-apply\" using apps/v1", ".spec.replicas"),
            (cause.Reason, cause.Message, cause.Field));
        Assert.Null(conflict.Status.Details.Name);
    }

    [Fact]
    public void Apply_FieldsOfSeveral_ListsConflictsByManager()
    {
        var state = Deployment()
            .Apply("zeta", """{"metadata":{"name":"web"},"spec":{"replicas":2}}""")
            .Apply("alpha", """{"metadata":{"name":"web","labels":{"app":"web","tier":"front"}}}""");

        var conflict = state.Refused("kubectl", """{"metadata":{"name":"web","labels":{"app":"x","tier":"y"}},"spec":{"replicas":3}}""");

        Assert.Equal(
            "Apply failed with 3 conflicts: conflicts with \"alpha\":\n- .metadata.labels.app\n- .metadata.labels.tier\nconflicts with \"zeta\":\n- .spec.replicas",
            conflict.Message);
    }

    [Fact]
    public void Apply_SameValue_SharesTheField()
    {
        var state = Deployment()
            .Apply("one", """{"spec":{"replicas":2}}""")
            .Apply("two", """{"spec":{"replicas":2}}""");

        Assert.Equal(["one Apply", "two Apply"], state.Managers.Order());
        Assert.Contains("conflict with \"two\"", state.Refused("one", """{"spec":{"replicas":3}}""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ForcedChange_TakesTheFieldFromItsOwner()
    {
        var state = Deployment()
            .Apply("one", """{"spec":{"replicas":2,"paused":true}}""")
            .Apply("two", """{"spec":{"replicas":3}}""", force: true);

        Assert.Equal("""{"f:spec":{"f:paused":{}}}""", state.FieldsOf("one"));
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", state.FieldsOf("two"));
        Assert.Equal(3, (long)state.Live!["spec"]!["replicas"]!);
    }

    [Fact]
    public void Apply_FieldLeftOutOfTwoOwners_StaysUntilTheLastLeavesItOut()
    {
        var state = ConfigMap()
            .Apply("one", """{"data":{"a":"1","b":"1"}}""")
            .Apply("two", """{"data":{"a":"1"}}""")
            .Apply("one", """{"data":{"b":"1"}}""");
        Assert.Equal("""{"data":{"a":"1","b":"1"}}""", state.Object);

        state.Apply("two", "{}");

        Assert.Equal("""{"data":{"b":"1"}}""", state.Object);
        Assert.Equal(["one Apply"], state.Managers);
    }

    [Fact]
    public void Apply_FieldThatAnUpdaterChangedSince_IsGivenUpNotRemoved()
    {
        var state = ConfigMap()
            .Apply("one", """{"data":{"a":"1"}}""")
            .Update("two", """{"data":{"a":"2"}}""")
            .Apply("one", "{}");

        Assert.Equal("""{"data":{"a":"2"}}""", state.Object);
        Assert.Equal(["two Update"], state.Managers);
    }

    [Fact]
    public void Apply_NobodyRecorded_GivesWhatWasThereToBeforeFirstApply()
    {
        var state = ConfigMap().Update("one", """{"metadata":{"managedFields":[]},"data":{"a":"1"}}""");
        state.Update("one", """{"metadata":{"managedFields":[{}]},"data":{"a":"1"}}""");
        Assert.Empty(state.Managers);

        state.Apply("two", """{"data":{"b":"1"}}""");

        Assert.Equal(["two Apply", "before-first-apply Update"], state.Managers);
        Assert.Equal("""{"f:data":{".":{},"f:a":{}}}""", state.FieldsOf("before-first-apply", "Update"));
        Assert.Contains("conflict with \"before-first-apply\" using v1", state.Refused("two", """{"data":{"a":"2"}}""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_ObjectWithoutRecords_StaysWithout()
    {
        var state = ConfigMap().Update("one", """{"data":{"a":"1"}}""").Update("one", """{"metadata":{"managedFields":[{}]},"data":{"a":"1"}}""");

        state.Update("two", """{"data":{"a":"2"}}""");

        Assert.Empty(state.Managers);
    }

    [Fact]
    public void Update_SameManagerAgain_AddsToItsEntryAndSetsItsTime()
    {
        var state = ConfigMap().Update("one", """{"data":{"a":"1"}}""").Update("one", """{"data":{"a":"1","b":"2"}}""");

        Assert.Equal("""{"f:data":{".":{},"f:a":{},"f:b":{}}}""", state.FieldsOf("one", "Update"));
        Assert.Equal("2026-01-02T03:04:07Z", (string?)Assert.Single(state.ManagedFields!)!["time"]);
    }

    [Fact]
    public void Update_Removal_TakesTheFieldFromAllAndGivesItToNobody()
    {
        var state = ConfigMap()
            .Apply("one", """{"data":{"a":"1","b":"1"}}""")
            .Update("two", """{"data":{"b":"1"}}""");

        Assert.Equal("""{"f:data":{"f:b":{}}}""", state.FieldsOf("one"));
        Assert.Null(state.FieldsOf("two", "Update"));
    }

    [Fact]
    public void Update_NothingChanged_ChangesNoEntry()
    {
        var state = Deployment().Update("one", Web);
        var before = state.ManagedFields!.ToJsonString();

        state.Update("two", state.Live!.ToJsonString());

        Assert.Equal(before, state.ManagedFields!.ToJsonString());
    }

    [Fact]
    public void Update_MalformedRecords_KeepsThoseOfTheLiveObject()
    {
        var state = ConfigMap().Update("one", """{"data":{"a":"1"}}""");

        state.Update("two", """{"metadata":{"managedFields":[{"manager":"x","operation":"Frob","apiVersion":"v1","fieldsType":"FieldsV1"}]},"data":{"a":"1","b":"1"}}""");

        Assert.Equal(["one Update", "two Update"], state.Managers);
    }

    [Fact]
    public void Update_GivenRecords_AreTaken()
    {
        var state = ConfigMap().Update("one", """{"data":{"a":"1"}}""");

        state.Update("one", """
            {"metadata":{"managedFields":[{"manager":"mover","operation":"Apply","apiVersion":"v1","time":"2020-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{}}}}]},"data":{"a":"1"}}
            """);

        Assert.Equal(["mover Apply"], state.Managers);
    }

    [Fact]
    public void Update_ElevenManagers_JoinsTheOldest()
    {
        var state = ConfigMap();
        var data = new JsonObject();
        for (var i = 0; i < 12; i++)
        {
            data[$"k{i:00}"] = "v";
            state.Update($"m{i:00}", new JsonObject { ["data"] = data.DeepClone() }.ToJsonString());
        }

        Assert.Equal(10, state.Managers.Count());
        Assert.Equal("""{"f:data":{".":{},"f:k00":{},"f:k01":{},"f:k02":{}}}""", state.FieldsOf("ancient-changes", "Update"));
        Assert.Equal("ancient-changes Update", state.Managers.First());
    }

    [Theory]
    [InlineData(true, "\"time\":\"2026-01-01T00:00:00Z\",")]
    [InlineData(false, "")]
    public void Update_TenThousandManagersGiven_AreJoinedInTime(bool exists, string time)
    {
        var entries = new JsonArray([.. Enumerable.Range(0, 10_000).Select(i => JsonNode.Parse(
            $$$"""{"manager":"m{{{i}}}","operation":"Update","apiVersion":"v1",{{{time}}}"fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:k{{{i}}}":{} } } }""")!)]);
        var obj = new JsonObject { ["metadata"] = new JsonObject { ["managedFields"] = entries }, ["data"] = new JsonObject { ["a"] = "1" } };
        var state = exists ? ConfigMap().Update("one", """{"data":{"a":"1"}}""") : ConfigMap();
        var watch = System.Diagnostics.Stopwatch.StartNew();

        state.Update("one", obj.ToJsonString());

        Assert.Equal(10, state.Managers.Count());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    [Fact]
    public void Update_ThroughStatus_OwnsOnlyTheStatusInAnEntryOfItsOwn()
    {
        var state = new ApplyState(Type("apps", "v1", "Deployment"), "apps/v1", "Deployment") { Subresource = "status", Ignored = FieldSet.Of("spec") };
        state.Update("controller", """{"spec":{"replicas":5},"status":{"replicas":3,"conditions":[{"type":"Available","status":"True"}]}}""");

        Assert.Equal(
            """{"f:status":{"f:conditions":{".":{},"k:{\"type\":\"Available\"}":{".":{},"f:lastTransitionTime":{},"f:lastUpdateTime":{},"f:status":{},"f:type":{}}},"f:replicas":{}}}""",
            state.FieldsOf("controller", "Update"));
        Assert.Equal("status", (string?)state.ManagedFields![0]!["subresource"]);
    }

    [Theory]
    [InlineData("""{"metadata":{"managedFields":[]}}""", 400, "metadata.managedFields must be nil")]
    [InlineData(
        """{"metadata":{"name":"w","namespace":"d"},"spec":{"frobs":1}}""",
        500,
        "failed to create typed patch object (d/w; apps/v1, Kind=Deployment): .spec.frobs: field not declared in schema")]
    [InlineData(
        """{"spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"E","value":1}]}]}}}}""",
        500,
        "failed to create typed patch object (/; apps/v1, Kind=Deployment): .spec.template.spec.containers[name=\"c\"].env[name=\"E\"].value: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData(
        """{"spec":{"replicas":"two"}}""",
        500,
        "failed to create typed patch object (/; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string")]
    [InlineData(
        """{"spec":{"template":{"spec":{"containers":{"name":"c"}}}}}""",
        500,
        "failed to create typed patch object (/; apps/v1, Kind=Deployment): .spec.template.spec.containers: expected list, got &{map[name:c]}")]
    [InlineData(
        """{"spec":"x"}""",
        500,
        "failed to create typed patch object (/; apps/v1, Kind=Deployment): .spec: expected map, got &{x}")]
    [InlineData(
        """{"spec":{"template":{"spec":{"containers":[{"image":"c"}]}}}}""",
        500,
        "failed to create typed patch object (/; apps/v1, Kind=Deployment): .spec.template.spec.containers: element 0: associative list with keys has an element that omits key field \"name\" (and doesn't have default value)")]
    [InlineData(
        """{"spec":{"template":{"spec":{"containers":[{"name":"c","ports":[{"containerPort":80},{"containerPort":80,"protocol":"TCP"}]}]}}}}""",
        500,
        "failed to create typed patch object (/; apps/v1, Kind=Deployment): .spec.template.spec.containers[name=\"c\"].ports: duplicate entries for key [containerPort=80,protocol=\"TCP\"]")]
    [InlineData(
        """{"metadata":{"finalizers":["a","a"]},"spec":{"x":1}}""",
        500,
        "failed to create typed patch object (/; apps/v1, Kind=Deployment): errors:\n  .metadata.finalizers: duplicate entries for key [=\"a\"]\n  .spec.x: field not declared in schema")]
    public void Apply_BadConfiguration_IsRefusedInUpstreamsWords(string config, int code, string message)
    {
        var refused = Deployment().Refused("kubectl", config);

        Assert.Equal((code, message), (refused.Code, refused.Message));
        Assert.Equal(code == 500 ? "" : "BadRequest", refused.Reason);
    }

    [Fact]
    public void Apply_OtherKind_IsRefused()
    {
        var manager = new FieldManager(new FieldWrite("a", "apps/v1", "Deployment", Type("apps", "v1", "Deployment"), DateTimeOffset.UnixEpoch));

        var refused = Assert.Throws<Api.Errors.StatusException>(
            () => manager.Apply(null, JsonNode.Parse("""{"apiVersion":"v1","kind":"Pod"}""")!.AsObject(), false));

        Assert.Equal((400, "invalid object type: /v1, Kind=Pod"), (refused.Code, refused.Message));
    }

    [Fact]
    public void Apply_ByKubectlAfterClientSideApply_TakesOverWhatItHadApplied()
    {
        var last = """{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"},\"data\":{\"a\":\"1\",\"b\":\"1\"}}""";
        var state = ConfigMap().Update(
            "kubectl-client-side-apply",
            $$$"""{"metadata":{"name":"c","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{{{last}}}"}},"data":{"a":"1","b":"1","c":"1"}}""");

        state.Apply("kubectl", """{"metadata":{"name":"c"},"data":{"a":"2","b":"1"}}""");

        Assert.Equal("2", (string?)state.Live!["data"]!["a"]);
        Assert.Equal(
            """{"apiVersion":"v1","data":{"a":"2","b":"1"},"kind":"ConfigMap","metadata":{"name":"c"}}""" + "\n",
            (string?)state.Live["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"]);
        Assert.Contains("1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.c", state.Refused("kubectl", """{"data":{"a":"3","c":"2"}}""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ByAnotherAfterClientSideApply_Conflicts()
    {
        var last = """{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"a\":\"1\"}}""";
        var state = ConfigMap().Update(
            "kubectl-client-side-apply",
            $$$"""{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{{{last}}}"}},"data":{"a":"1"}}""");

        Assert.Equal(409, state.Refused("helm", """{"data":{"a":"2"}}""").Code);
    }

    [Fact]
    public void Apply_NothingNew_KeepsTheTime()
    {
        var state = ConfigMap().Apply("one", """{"data":{"a":"1"}}""");
        var before = state.Live!.ToJsonString();

        state.Apply("one", """{"data":{"a":"1"}}""");

        Assert.Equal(before, state.Live!.ToJsonString());
    }

    private static ApplyState Deployment() => new(Type("apps", "v1", "Deployment"), "apps/v1", "Deployment") { Ignored = FieldSet.Of("status") };

    private static ApplyState ConfigMap() => new(Type("", "v1", "ConfigMap"), "v1", "ConfigMap");

    private static ObjectType Type(string group, string version, string kind) => TypeGraph.BuiltIn.Find(new GroupVersionKind(group, version, kind))!;
}
