using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>Priority and LimitRanger, through the server.</summary>
[Collection(ServerCollection.Name)]
public sealed class AdmissionTests(ServerFixture fixture)
{
    private const string Classes = "/apis/scheduling.k8s.io/v1/priorityclasses";

    [Fact]
    public async Task Pod_WithoutClass_HasPriorityZero()
    {
        var client = await fixture.CreateNamespaceAsync();

        var pod = (await client.CreateAsync("pods", Pod())).Expect(201).Json;

        Assert.Equal(0, pod.IntegerAt("spec", "priority"));
        Assert.Equal("PreemptLowerPriority", pod.StringAt("spec", "preemptionPolicy"));
    }

    [Fact]
    public async Task Pod_OfAClass_HasItsPriorityAndPolicy()
    {
        var client = await fixture.CreateNamespaceAsync();
        var name = client.Namespace + "-high";
        (await client.SendAsync(HttpMethod.Post, Classes, $$$"""{"metadata":{"name":"{{{name}}}"},"value":1000,"preemptionPolicy":"Never"}""")).Expect(201);

        var pod = (await client.CreateAsync("pods", Pod($"\"priorityClassName\":\"{name}\","))).Expect(201).Json;

        Assert.Equal(1000, pod.IntegerAt("spec", "priority"));
        Assert.Equal("Never", pod.StringAt("spec", "preemptionPolicy"));
    }

    [Theory]
    [InlineData("\"priorityClassName\":\"none\",", "no PriorityClass with name none was found")]
    [InlineData("\"priority\":7,", "the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name")]
    public async Task Pod_PriorityThatIsNotThere_IsForbidden(string field, string why)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = (await client.CreateAsync("pods", Pod(field))).Expect(403);

        Assert.Equal($"pods \"p\" is forbidden: {why}", answer.Message);
    }

    [Fact]
    public async Task PriorityClass_SecondDefault_IsForbidden()
    {
        var client = await fixture.CreateNamespaceAsync();
        var (first, second) = (client.Namespace + "-a", client.Namespace + "-b");
        (await client.SendAsync(HttpMethod.Post, Classes, $$$"""{"metadata":{"name":"{{{first}}}"},"value":5,"globalDefault":true}""")).Expect(201);
        try
        {
            var answer = await client.SendAsync(HttpMethod.Post, Classes, $$$"""{"metadata":{"name":"{{{second}}}"},"value":6,"globalDefault":true}""");
            var pod = (await client.CreateAsync("pods", Pod())).Expect(201).Json;

            answer.Expect(403);
            Assert.Equal($"priorityclasses.scheduling.k8s.io \"{second}\" is forbidden: PriorityClass {first} is already marked as default. Only one default can exist", answer.Message);
            Assert.Equal(first, pod.StringAt("spec", "priorityClassName"));
            Assert.Equal(5, pod.IntegerAt("spec", "priority"));
        }
        finally
        {
            (await client.SendAsync(HttpMethod.Delete, $"{Classes}/{first}")).Expect(200);
        }
    }

    [Fact]
    public async Task LimitRange_OfContainers_GivesDefaultsAndTellsOfThem()
    {
        var client = await fixture.CreateNamespaceAsync();
        await LimitAsync(client, """{"type":"Container","max":{"cpu":"2"},"default":{"memory":"256Mi"},"defaultRequest":{"cpu":"100m"}}""");

        var pod = (await client.CreateAsync("pods", Pod())).Expect(201).Json;

        Assert.Equal(
            """{"limits":{"cpu":"2","memory":"256Mi"},"requests":{"cpu":"100m","memory":"256Mi"}}""",
            pod.ObjectsAt("spec", "containers").First()["resources"]!.ToJsonString());
        Assert.Equal(
            "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c",
            pod.StringAt("metadata", "annotations", "kubernetes.io/limit-ranger"));
    }

    [Theory]
    [InlineData("""{"type":"Container","max":{"cpu":"1"}}""", """{"limits":{"cpu":"2"}}""", "[maximum cpu usage per Container is 1, but limit is 2]")]
    [InlineData("""{"type":"Container","min":{"cpu":"1"}}""", """{"requests":{"cpu":"500m"}}""", "[minimum cpu usage per Container is 1, but request is 500m]")]
    [InlineData("""{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""", """{"limits":{"cpu":"3"},"requests":{"cpu":"1"}}""", "[cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000]")]
    [InlineData("""{"type":"Pod","max":{"memory":"1Gi"}}""", """{"limits":{"cpu":"1"}}""", "[maximum memory usage per Pod is 1Gi.  No limit is specified]")]
    public async Task LimitRange_Broken_IsForbidden(string limit, string resources, string why)
    {
        var client = await fixture.CreateNamespaceAsync();
        await LimitAsync(client, limit);

        var answer = (await client.CreateAsync("pods", Pod(resources: $",\"resources\":{resources}"))).Expect(403);

        Assert.Equal($"pods \"p\" is forbidden: {why.Trim('[', ']')}", answer.Message);
    }

    [Fact]
    public async Task LimitRange_OfClaims_BoundsStorage()
    {
        var client = await fixture.CreateNamespaceAsync();
        await LimitAsync(client, """{"type":"PersistentVolumeClaim","max":{"storage":"2Gi"}}""");

        var answer = (await client.CreateAsync(
            "persistentvolumeclaims", """{"metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"3Gi"}}}}""")).Expect(403);

        Assert.Equal("persistentvolumeclaims \"c\" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi", answer.Message);
    }

    [Fact]
    public async Task Pod_MatchLabelKeys_BecomeExpressions()
    {
        var client = await fixture.CreateNamespaceAsync();

        var pod = (await client.CreateAsync("pods", """
            {"metadata":{"name":"p","labels":{"rev":"7"}},"spec":{"containers":[{"name":"c","image":"i"}],
            "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule","labelSelector":{},"matchLabelKeys":["rev"]}]}}
            """)).Expect(201).Json;

        Assert.Equal(
            """{"matchExpressions":[{"key":"rev","operator":"In","values":["7"]}]}""",
            pod.ObjectsAt("spec", "topologySpreadConstraints").First()["labelSelector"]!.ToJsonString());
    }

    private static string Pod(string fields = "", string resources = "") =>
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{" + fields + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"" + resources + "}]}}";

    [Fact]
    public async Task Pod_OfARuntimeClass_CostsItsOverheadAndGoesWhereItRuns()
    {
        var client = await fixture.CreateNamespaceAsync();
        var name = client.Namespace + "-vm";
        var body = $$$"""
            {"metadata":{"name":"{{{name}}}"},"handler":"vm","overhead":{"podFixed":{"cpu":"250m"}},
             "scheduling":{"nodeSelector":{"vm":"yes"},"tolerations":[{"key":"vm","operator":"Exists"}]}}
            """;
        (await client.SendAsync(HttpMethod.Post, "/apis/node.k8s.io/v1/runtimeclasses", body)).Expect(201);

        var pod = (await client.CreateAsync("pods", Pod($"\"runtimeClassName\":\"{name}\","))).Expect(201).Json;
        var other = await client.CreateAsync("pods", Pod($"\"runtimeClassName\":\"{name}\",\"nodeSelector\":{{\"vm\":\"no\"}},"));

        Assert.Equal("250m", pod.StringAt("spec", "overhead", "cpu"));
        Assert.Equal("yes", pod.StringAt("spec", "nodeSelector", "vm"));
        Assert.Contains(pod.ObjectsAt("spec", "tolerations"), toleration => toleration.StringAt("key") == "vm");
        other.Expect(403);
        Assert.Equal("pods \"p\" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no", other.Message);
    }

    [Theory]
    [InlineData("\"runtimeClassName\":\"none\",", "pod rejected: RuntimeClass \"none\" not found")]
    [InlineData("\"overhead\":{\"cpu\":\"1\"},", "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")]
    public async Task Pod_WithoutItsRuntimeClass_IsForbidden(string field, string why)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = (await client.CreateAsync("pods", Pod(field))).Expect(403);

        Assert.Equal($"pods \"p\" is forbidden: {why}", answer.Message);
    }

    [Fact]
    public async Task Claim_GrowsOnlyWhenItIsBound_AndItsClassLetsIt()
    {
        var client = await fixture.CreateNamespaceAsync();
        var (rigid, growing) = (client.Namespace + "-rigid", client.Namespace + "-growing");
        const string Classes = "/apis/storage.k8s.io/v1/storageclasses";
        (await client.SendAsync(HttpMethod.Post, Classes, $$$"""{"metadata":{"name":"{{{rigid}}}"},"provisioner":"p"}""")).Expect(201);
        (await client.SendAsync(HttpMethod.Post, Classes, $$$"""{"metadata":{"name":"{{{growing}}}"},"provisioner":"p","allowVolumeExpansion":true}""")).Expect(201);
        foreach (var (name, storageClass) in ((string, string)[])[("rigid", rigid), ("growing", growing)])
        {
            (await client.CreateAsync(
                "persistentvolumeclaims",
                "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"storageClassName\":\"" + storageClass
                + "\",\"accessModes\":[\"ReadWriteOnce\"],\"volumeName\":\"v\",\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}")).Expect(201);
        }

        foreach (var name in (string[])["rigid", "growing"])
        {
            (await ChangeAsync(name, "/status", """{"status":{"phase":"Bound","capacity":{"storage":"1Gi"}}}""")).Expect(200);
        }

        (await ChangeAsync("growing", "", Grown)).Expect(200);
        Assert.Equal(
            "persistentvolumeclaims \"rigid\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
            (await ChangeAsync("rigid", "", Grown)).Expect(403).Message);

        Task<ApiAnswer> ChangeAsync(string name, string subresource, string patch) =>
            client.SendAsync(HttpMethod.Patch, client.Core($"persistentvolumeclaims/{name}{subresource}"), patch, "application/merge-patch+json");
    }

    private const string Grown = """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}""";

    private static async Task LimitAsync(ApiClient client, string limit)
    {
        (await client.CreateAsync("limitranges", "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"limits\":[" + limit + "]}}")).Expect(201);

        // A list waits until the watch cache, which admission reads, has caught up.
        (await client.GetAsync(client.Core("limitranges"))).Expect(200);
    }
}
