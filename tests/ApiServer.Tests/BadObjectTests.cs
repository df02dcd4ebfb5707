using System.Diagnostics;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>Objects that no server may take, or take long for (BAD_INPUTS.md B21 to B25, B37): the status that upstream answers, and soon.</summary>
[Collection(ServerCollection.Name)]
public sealed class BadObjectTests(ServerFixture fixture)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static TheoryData<string> BadNames =>
        ["..", ".", "a/b", "a\\u0000b", "ünï", "A", "-a", "a_b", new string('a', 254), "a%2fb", "a b"];

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task B21_BadName_IsInvalid(string name)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.CreateAsync("configmaps", "{\"metadata\":{\"name\":\"" + name + "\"}}");

        answer.Expect(422);
        Assert.Contains("metadata.name: Invalid value", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B21_LongNamespace_IsInvalid()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(HttpMethod.Post, "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + new string('a', 64) + "\"}}");

        answer.Expect(422);
        Assert.Contains("must be no more than 63 characters", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B22_GenerateName_ManyTimes_NeverCollides()
    {
        var client = await fixture.CreateNamespaceAsync();
        var watch = Stopwatch.StartNew();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.CreateAsync("configmaps", """{"metadata":{"generateName":"x-"}}""")));
            foreach (var answer in answers)
            {
                Assert.True(names.Add(answer.Expect(201).Json.StringAt("metadata", "name") ?? ""));
            }
        }

        Assert.Equal(1000, names.Count);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("\"resources\":{\"limits\":{\"cpu\":\"9E9E\"}}", 400, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("\"resources\":{\"limits\":{\"cpu\":\"-1\"}}", 422, "must be greater than or equal to 0")]
    [InlineData("\"ports\":[{\"containerPort\":4294967297}]", 400, "cannot unmarshal number 4294967297 into Go struct field")]
    [InlineData("\"livenessProbe\":{\"tcpSocket\":{\"port\":99999999999}}", 400, "cannot unmarshal number 99999999999 into Go")]
    [InlineData("\"livenessProbe\":{\"tcpSocket\":{\"port\":70000}}", 422, "must be between 1 and 65535, inclusive")]
    public async Task B23_BadNumber_IsRefused(string field, int status, string why)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.CreateAsync("pods", "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"," + field + "}]}}");

        answer.Expect(status);
        Assert.Contains(why, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e1000000")]
    [InlineData("9E")]
    [InlineData("0.000000000000000000000000000000000001")]
    public async Task B23_OddQuantity_IsCappedSoon(string amount)
    {
        var client = await fixture.CreateNamespaceAsync();
        var watch = Stopwatch.StartNew();

        (await client.CreateAsync(
            "pods", "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":{\"limits\":{\"memory\":\"" + amount + "\"}}}]}}")).Expect(201);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
    }

    [Theory]
    [InlineData("/apis/apps/v1/namespaces/{0}/deployments", "\"replicas\":2147483648,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}", 400, "cannot unmarshal number 2147483648 into Go struct field")]
    [InlineData("/apis/batch/v1/namespaces/{0}/jobs", "\"parallelism\":100001,\"completions\":1,\"completionMode\":\"Indexed\",\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}", 422, "must be less than or equal to 100000 when completion mode is Indexed")]
    [InlineData("/apis/batch/v1/namespaces/{0}/cronjobs", "\"schedule\":\"*/0 * * * *\",\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}", 422, "step of range should be a positive number: */0")]
    public async Task B24_TooMany_IsRefused(string path, string spec, int status, string why)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(
            HttpMethod.Post, path.Replace("{0}", client.Namespace, StringComparison.Ordinal), "{\"metadata\":{\"name\":\"x\"},\"spec\":{" + spec + "}}");

        answer.Expect(status);
        Assert.Contains(why, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B24_LongSchedule_IsReadSoon()
    {
        var client = await fixture.CreateNamespaceAsync();
        var watch = Stopwatch.StartNew();
        var schedule = string.Join(',', Enumerable.Repeat("1-2/1", 100_000)) + " * * * *";

        var answer = await client.SendAsync(
            HttpMethod.Post,
            $"/apis/batch/v1/namespaces/{client.Namespace}/cronjobs",
            "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"schedule\":\"" + schedule
            + "\",\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}}}");

        answer.Expect(201);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
    }

    [Theory]
    [InlineData(262_144, 201)]
    [InlineData(262_145, 422)]
    public async Task B25_Annotations_AreBounded(int bytes, int status)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.CreateAsync(
            "configmaps", "{\"metadata\":{\"name\":\"a\",\"annotations\":{\"k\":\"" + new string('x', bytes - 1) + "\"}}}");

        answer.Expect(status);
        Assert.Equal(
            status == 422 ? "ConfigMap \"a\" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes" : "",
            answer.Message);
    }

    [Fact]
    public async Task B37_Status_CannotChangeTheSpec()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = await CreateDeploymentAsync(client);
        var deployment = (await client.GetAsync(path)).Json;
        deployment["spec"]!["replicas"] = 7;
        deployment["metadata"]!["labels"] = new JsonObject { ["new"] = "label" };
        deployment["status"] = new JsonObject { ["replicas"] = 3 };

        var answer = (await client.SendAsync(HttpMethod.Put, path + "/status", deployment.ToJsonString())).Expect(200).Json;

        Assert.Equal(1, answer.IntegerAt("spec", "replicas"));
        Assert.Null(answer.At("metadata", "labels"));
        Assert.Equal(3, answer.IntegerAt("status", "replicas"));
        Assert.Equal(1, answer.IntegerAt("metadata", "generation"));
    }

    [Fact]
    public async Task B37_Object_CannotChangeItsStatus()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = await CreateDeploymentAsync(client);
        var deployment = (await client.GetAsync(path)).Json;
        deployment["spec"]!["replicas"] = 7;
        deployment["status"] = new JsonObject { ["replicas"] = 3 };

        var answer = (await client.SendAsync(HttpMethod.Put, path, deployment.ToJsonString())).Expect(200).Json;

        Assert.Equal(7, answer.IntegerAt("spec", "replicas"));
        Assert.Null(answer.At("status", "replicas"));
        Assert.Equal(2, answer.IntegerAt("metadata", "generation"));
    }

    [Fact]
    public async Task B37_Status_WithBadCounts_IsInvalid()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = await CreateDeploymentAsync(client);

        var answer = await client.SendAsync(HttpMethod.Patch, path + "/status", """{"status":{"replicas":-1}}""", "application/merge-patch+json");

        answer.Expect(422);
        Assert.Equal("Deployment.apps \"d\" is invalid: status.replicas: Invalid value: -1: must be greater than or equal to 0", answer.Message);
    }

    [Fact]
    public async Task B37_Scale_ChangesReplicasOnly()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = await CreateDeploymentAsync(client);

        (await client.SendAsync(
            HttpMethod.Put, path + "/scale", $$$"""{"metadata":{"name":"d","namespace":"{{{client.Namespace}}}","labels":{"a":"b"}},"spec":{"replicas":4},"status":{"replicas":9}}""")).Expect(200);

        var deployment = (await client.GetAsync(path)).Json;
        Assert.Equal(4, deployment.IntegerAt("spec", "replicas"));
        Assert.Null(deployment.At("metadata", "labels"));
        Assert.Null(deployment.At("status", "replicas"));
    }

    [Fact]
    public async Task B37_Finalizers_MayNotBeAddedToWhatIsBeingDeleted()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"finalizers\":[\"a.io/x\"]");
        (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"))).Expect(200);

        var answer = await client.SendAsync(
            HttpMethod.Patch, client.Core("configmaps/a"), """{"metadata":{"finalizers":["a.io/x","a.io/y"]}}""", "application/merge-patch+json");

        answer.Expect(422);
        Assert.Contains("no new finalizers can be added if the object is being deleted, found new finalizers []string{\"a.io/y\"}", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"finalizers\":[\"mine\"]", "metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name nor is it fully qualified")]
    [InlineData("\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\",\"uid\":\"\"}]", "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty")]
    [InlineData("\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"A\",\"name\":\"a\",\"uid\":\"1\",\"controller\":true},{\"apiVersion\":\"v1\",\"kind\":\"B\",\"name\":\"b\",\"uid\":\"2\",\"controller\":true}]", "Only one reference can have Controller set to true. Found \"true\" in references for A/a and B/b")]
    [InlineData("\"labels\":{\"a b\":\"c\"}", "metadata.labels: Invalid value: \"a b\": name part must consist of")]
    [InlineData("\"labels\":{\"a\":\"c d\"}", "metadata.labels: Invalid value: \"c d\": a valid label must be an empty string or consist of")]
    [InlineData("\"generateName\":\"A-\",\"name\":\"a\"", "metadata.generateName: Invalid value: \"A-\": a lowercase RFC 1123 subdomain must consist of")]
    public async Task Metadata_BadField_IsInvalid(string field, string why)
    {
        var client = await fixture.CreateNamespaceAsync();
        var name = field.Contains("generateName", StringComparison.Ordinal) ? "" : "\"name\":\"a\",";

        var answer = await client.CreateAsync("configmaps", "{\"metadata\":{" + name + field + "}}");

        answer.Expect(422);
        Assert.Contains(why, answer.Message, StringComparison.Ordinal);
    }

    private static async Task<string> CreateDeploymentAsync(ApiClient client)
    {
        var path = $"/apis/apps/v1/namespaces/{client.Namespace}/deployments";
        (await client.SendAsync(
            HttpMethod.Post,
            path,
            """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""")).Expect(201);
        return path + "/d";
    }
}
