using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class WriteTests(ServerFixture fixture)
{
    private const string MergePatch = "application/merge-patch+json";

    [Theory]
    [InlineData("POST", "configmaps", "CreateOptions")]
    [InlineData("PUT", "configmaps/a", "UpdateOptions")]
    [InlineData("PATCH", "configmaps/a", "PatchOptions")]
    [InlineData("DELETE", "configmaps/a", "DeleteOptions")]
    [InlineData("DELETE", "configmaps", "DeleteOptions")]
    public async Task Write_BadDryRun_IsInvalid(string method, string path, string options)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.SendAsync(
            HttpMethod.Parse(method),
            client.Core($"{path}?dryRun=Some"),
            method == "DELETE" ? null : """{"metadata":{"name":"a"}}""",
            method == "PATCH" ? MergePatch : "application/json");

        Assert.Equal("Invalid", answer.Expect(422).Reason);
        Assert.StartsWith($"{options}.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: ", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith("supported values: \"All\"", answer.Message, StringComparison.Ordinal);
        (await client.GetAsync(client.Core("configmaps/a"))).Expect(200);
    }

    [Fact]
    public async Task Write_DryRun_AnswersAndChangesNothing()
    {
        var client = await fixture.CreateNamespaceAsync();
        var before = await client.CreateConfigMapAsync("a");

        var created = (await client.SendAsync(HttpMethod.Post, client.Core("configmaps?dryRun=All"), """{"metadata":{"name":"b"}}""")).Expect(201);
        var generated = (await client.SendAsync(HttpMethod.Post, client.Core("configmaps?dryRun=All"), """{"metadata":{"generateName":"g-"}}""")).Expect(201);
        var patched = (await client.SendAsync(HttpMethod.Patch, client.Core("configmaps/a?dryRun=All"), """{"data":{"x":"y"}}""", MergePatch)).Expect(200);
        (await client.SendAsync(HttpMethod.Put, client.Core("configmaps/a?dryRun=All"), """{"metadata":{"name":"a"},"data":{"z":"z"}}""")).Expect(200);
        (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a?dryRun=All"))).Expect(200);
        (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"), """{"dryRun":["All"]}""")).Expect(200);
        (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps?dryRun=All"))).Expect(200);
        var taken = await client.SendAsync(HttpMethod.Post, client.Core("configmaps?dryRun=All"), """{"metadata":{"name":"a"}}""");

        Assert.NotNull(created.Json.StringAt("metadata", "uid"));
        Assert.Equal("", created.ResourceVersion);
        Assert.Matches("^g-.{5}$", generated.Json.StringAt("metadata", "name"));
        Assert.Equal("y", patched.Json.StringAt("data", "x"));
        taken.Expect(409);
        Assert.Equal(["a"], (await client.GetAsync(client.Core("configmaps"))).Names);
        Assert.Equal(before.Text, (await client.GetAsync(client.Core("configmaps/a"))).Text);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a","resourceVersion":"1"}}""", 400, "resourceVersion should not be set on objects to be created")]
    [InlineData("""{"metadata":{"name":"a","namespace":"other"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("""{"metadata":{}}""", 422, "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required")]
    [InlineData("""{"kind":"Secret","metadata":{"name":"a"}}""", 400, "Secret in version \"v1\" cannot be handled as a ConfigMap: the kind in the data (Secret) does not match the expected kind (ConfigMap)")]
    public async Task Create_BadMetadata_IsRefused(string body, int status, string message)
    {
        var client = await fixture.CreateNamespaceAsync();

        Assert.Equal(message, (await client.CreateAsync("configmaps", body)).Expect(status).Message);
    }

    [Fact]
    public async Task Create_WithWhatOnlyTheServerSets_IgnoresIt()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.CreateConfigMapAsync(
            "a", ",\"uid\":\"mine\",\"deletionTimestamp\":\"2020-01-01T00:00:00Z\",\"deletionGracePeriodSeconds\":5,\"creationTimestamp\":\"2020-01-01T00:00:00Z\",\"generation\":7,\"selfLink\":\"/x\"");

        var metadata = answer.Json.ObjectAt("metadata");
        Assert.NotEqual("mine", metadata.StringAt("uid"));
        Assert.DoesNotContain("2020", metadata.StringAt("creationTimestamp"), StringComparison.Ordinal);
        Assert.All((string[])["deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"], field => Assert.Null(metadata.At(field)));
    }

    [Fact]
    public async Task Update_OtherName_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.SendAsync(HttpMethod.Put, client.Core("configmaps/a"), """{"metadata":{"name":"b"}}""");

        Assert.Equal("the name of the object (b) does not match the name on the URL (a)", answer.Expect(400).Message);
    }

    [Fact]
    public async Task Update_OtherUid_Conflicts()
    {
        var client = await fixture.CreateNamespaceAsync();
        var uid = (await client.CreateConfigMapAsync("a")).Json.StringAt("metadata", "uid");

        var answer = await client.SendAsync(HttpMethod.Put, client.Core("configmaps/a"), """{"metadata":{"name":"a","uid":"other"}}""");

        Assert.Equal(
            $"Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, Code: 4, Key: /registry/configmaps/{client.Namespace}/a, ResourceVersion: 0, "
            + $"AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: {uid}",
            answer.Expect(409).Message);
    }

    [Theory]
    [InlineData("/apis/coordination.k8s.io/v1/namespaces/{ns}/leases", """{"metadata":{"name":"x"},"spec":{}}""", 201)]
    [InlineData("/api/v1/namespaces/{ns}/endpoints", """{"metadata":{"name":"x"}}""", 201)]
    [InlineData("/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"x"}}""", 404)]
    [InlineData("/api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"x"}}""", 404)]
    [InlineData("/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"x"}}""", 404)]
    public async Task Update_OfNothing_CreatesWhereUpstreamDoes(string path, string body, int status)
    {
        var client = await fixture.CreateNamespaceAsync();

        (await client.SendAsync(HttpMethod.Put, path.Replace("{ns}", client.Namespace, StringComparison.Ordinal) + "/x", body)).Expect(status);
    }

    [Theory]
    [InlineData("/api/v1/namespaces/{ns}/configmaps", "\"uid\":\"gone\",\"resourceVersion\":\"1\"", 409)]
    [InlineData("/apis/coordination.k8s.io/v1/namespaces/{ns}/leases", "\"uid\":\"gone\"", 409)]
    [InlineData("/api/v1/namespaces/{ns}/configmaps", "\"resourceVersion\":\"1\"", 404)]
    [InlineData("/apis/coordination.k8s.io/v1/namespaces/{ns}/leases", "\"resourceVersion\":\"1\"", 201)]
    public async Task Update_OfWhatIsGone_TellsWhoHasReadIt(string path, string metadata, int status)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(
            HttpMethod.Put, path.Replace("{ns}", client.Namespace, StringComparison.Ordinal) + "/x", $$$"""{"metadata":{"name":"x",{{{metadata}}}}}""");

        Assert.Equal(status == 409, answer.Expect(status).Message.EndsWith("Precondition failed: UID in precondition: gone, UID in object meta: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Update_WithoutVersionWhereItIsNeeded_IsInvalid()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/coordination.k8s.io/v1/namespaces/{client.Namespace}/leases";
        (await client.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"x"},"spec":{}}""")).Expect(201);

        var answer = await client.SendAsync(HttpMethod.Put, path + "/x", """{"metadata":{"name":"x"},"spec":{"holderIdentity":"me"}}""");

        Assert.Equal(
            "Lease.coordination.k8s.io \"x\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update", answer.Expect(422).Message);
    }

    [Theory]
    [InlineData("""{"propagationPolicy":"Foreground","orphanDependents":true}""", "propagationPolicy: Invalid value: \"Foreground\": orphanDependents and deletionPropagation cannot be both set")]
    [InlineData("""{"propagationPolicy":"Sideways"}""", "propagationPolicy: Unsupported value: \"Sideways\": supported values: \"Background\", \"Foreground\", \"Orphan\", \"nil\"")]
    public async Task Delete_BadPolicy_IsInvalid(string options, string message)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        Assert.Equal($"DeleteOptions.meta.k8s.io \"\" is invalid: {message}", (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"), options)).Expect(422).Message);
    }

    [Theory]
    [InlineData("""{"orphanDependents":true}""", 200, "orphan")]
    [InlineData("""{"orphanDependents":false}""", 202, null)]
    public async Task Delete_OldOrphanField_IsObeyed(string options, int status, string? finalizer)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"finalizers\":[\"example.com/f\"]");

        var answer = (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"), options)).Expect(status);

        Assert.Equal(
            finalizer is null ? """["example.com/f"]""" : $"""["example.com/f","{finalizer}"]""", answer.Json.At("metadata", "finalizers")?.ToJsonString());
    }

    [Theory]
    [InlineData("configmaps", "ConfigMap", false)]
    [InlineData("secrets", "Secret", false)]
    [InlineData("serviceaccounts", "ServiceAccount", true)]
    [InlineData("podtemplates", "PodTemplate", true)]
    public async Task Delete_Answer_IsTheObjectOrAStatus(string resource, string kind, bool isObject)
    {
        var client = await fixture.CreateNamespaceAsync();
        var template = resource == "podtemplates" ? ""","template":{"spec":{"containers":[{"name":"c","image":"i"}]}}""" : "";
        var uid = (await client.CreateAsync(resource, $$"""{"metadata":{"name":"a"}{{template}}}""")).Expect(201).Json.StringAt("metadata", "uid");

        var answer = (await client.SendAsync(HttpMethod.Delete, client.Core($"{resource}/a"))).Expect(200);

        if (isObject)
        {
            Assert.Equal(kind, answer.Json.StringAt("kind"));
        }
        else
        {
            Assert.Equal(
                $$$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"a","kind":"{{{resource}}}","uid":"{{{uid}}}"}}""" + "\n", answer.Text);
        }
    }

    [Fact]
    public async Task Delete_PodThatIsGoing_OnlyGoesSooner()
    {
        var client = await fixture.CreateNamespaceAsync();
        await PodsTests.CreatePodAsync(client, "p");
        await PodsTests.BindAsync(client, "p", "node1");
        var path = client.Core("pods/p");

        var asked = (await client.SendAsync(HttpMethod.Delete, path + "?gracePeriodSeconds=20")).Expect(200);
        var longer = (await client.SendAsync(HttpMethod.Delete, path, """{"gracePeriodSeconds":60}""")).Expect(200);
        var again = (await client.SendAsync(HttpMethod.Delete, path)).Expect(200);
        var negative = (await client.SendAsync(HttpMethod.Delete, path, """{"gracePeriodSeconds":-5}""")).Expect(200);

        Assert.Equal(20, asked.Json.IntegerAt("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal(2, asked.Json.IntegerAt("metadata", "generation"));
        Assert.Equal(20, longer.Json.IntegerAt("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal(asked.Json.StringAt("metadata", "deletionTimestamp"), again.Json.StringAt("metadata", "deletionTimestamp"));
        Assert.Equal(1, negative.Json.IntegerAt("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal(2, negative.Json.IntegerAt("metadata", "generation"));
    }

    [Fact]
    public async Task Delete_WrongVersion_Conflicts()
    {
        var client = await fixture.CreateNamespaceAsync();
        var version = (await client.CreateConfigMapAsync("a")).ResourceVersion;

        var answer = await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"), """{"preconditions":{"resourceVersion":"1"}}""");

        Assert.Equal(
            $"Operation cannot be fulfilled on ConfigMap \"a\": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record ({version}). The object might have been modified",
            answer.Expect(409).Message);
    }

    [Fact]
    public async Task Generation_OfDeployment_CountsChangesOfSpecOnly()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{client.Namespace}/deployments";
        var created = (await client.SendAsync(
            HttpMethod.Post,
            path,
            """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""")).Expect(201);
        path += "/d";

        var labelled = await client.SendAsync(HttpMethod.Patch, path, """{"metadata":{"labels":{"x":"y"}}}""", MergePatch);
        var status = await client.SendAsync(HttpMethod.Patch, path + "/status", """{"status":{"replicas":3},"spec":{"replicas":9}}""", MergePatch);
        var scaled = await client.SendAsync(HttpMethod.Patch, path, """{"spec":{"replicas":2},"status":{"replicas":8}}""", MergePatch);

        Assert.Equal(1, created.Json.IntegerAt("metadata", "generation"));
        Assert.Equal(1, labelled.Expect(200).Json.IntegerAt("metadata", "generation"));
        Assert.Equal<(long?, long?, long?)>((1, 3, 1), (status.Expect(200).Json.IntegerAt("metadata", "generation"), status.Json.IntegerAt("status", "replicas"), status.Json.IntegerAt("spec", "replicas")));
        Assert.Equal<(long?, long?, long?)>((2, 3, 2), (scaled.Expect(200).Json.IntegerAt("metadata", "generation"), scaled.Json.IntegerAt("status", "replicas"), scaled.Json.IntegerAt("spec", "replicas")));
    }
}
