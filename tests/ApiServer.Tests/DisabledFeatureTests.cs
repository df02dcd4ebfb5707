using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests;

/// <summary>Fields of features that are off in 1.34: a row for each place, as an object that has nothing else.</summary>
[Collection(ServerCollection.Name)]
public sealed class DisabledFeatureTests(ServerFixture fixture)
{
    private const string Result = """{"status":{"allocation":{"devices":{"results":[{}]}}}}""";
    private const string Exactly = """{"spec":{"devices":{"requests":[{"exactly":{}}]}}}""";
    private const string FirstAvailable = """{"spec":{"devices":{"requests":[{"firstAvailable":[{}]}]}}}""";
    private const string Device = """{"spec":{"devices":[{}]}}""";

    public static TheoryData<string, string, string> Places => new()
    {
        { "pods", """{"spec":{"hostnameOverride":"a"}}""", """{"spec":{}}""" },
        { "pods", """{"spec":{"containers":[{"env":[{"valueFrom":{"fileKeyRef":{"key":"k"}}}]}]}}""", """{"spec":{"containers":[{"env":[{"valueFrom":{}}]}]}}""" },
        { "pods", """{"spec":{"initContainers":[{"env":[{"valueFrom":{"fileKeyRef":{"key":"k"}}}]}]}}""", """{"spec":{"initContainers":[{"env":[{"valueFrom":{}}]}]}}""" },
        { "pods", """{"spec":{"ephemeralContainers":[{"env":[{"valueFrom":{"fileKeyRef":{"key":"k"}}}]}]}}""", """{"spec":{"ephemeralContainers":[{"env":[{"valueFrom":{}}]}]}}""" },
        { "pods", """{"spec":{"containers":[{"lifecycle":{"stopSignal":"SIGINT"}}]}}""", """{"spec":{"containers":[{}]}}""" },
        { "pods", """{"spec":{"initContainers":[{"lifecycle":{"stopSignal":"SIGINT"}}]}}""", """{"spec":{"initContainers":[{}]}}""" },
        { "pods", """{"spec":{"ephemeralContainers":[{"lifecycle":{"stopSignal":"SIGINT"}}]}}""", """{"spec":{"ephemeralContainers":[{}]}}""" },
        { "pods", """{"spec":{"containers":[{"lifecycle":{"stopSignal":"SIGINT","preStop":{}}}]}}""", """{"spec":{"containers":[{"lifecycle":{"preStop":{}}}]}}""" },
        { "pods", """{"spec":{"containers":[{"restartPolicy":"Never","restartPolicyRules":[{"action":"Restart"}]}]}}""", """{"spec":{"containers":[{}]}}""" },
        { "pods", """{"spec":{"initContainers":[{"restartPolicy":"Never","restartPolicyRules":[{"action":"Restart"}]}]}}""", """{"spec":{"initContainers":[{}]}}""" },
        { "pods", """{"spec":{"initContainers":[{"restartPolicy":"Always","restartPolicyRules":[{"action":"Restart"}]}]}}""", """{"spec":{"initContainers":[{"restartPolicy":"Always"}]}}""" },
        { "pods", """{"spec":{"ephemeralContainers":[{"restartPolicy":"Never","restartPolicyRules":[{"action":"Restart"}]}]}}""", """{"spec":{"ephemeralContainers":[{}]}}""" },
        { "pods", """{"spec":{"volumes":[{"projected":{"sources":[{"clusterTrustBundle":{}}]}}]}}""", """{"spec":{"volumes":[{"projected":{"sources":[{}]}}]}}""" },
        { "pods", """{"spec":{"volumes":[{"projected":{"sources":[{"podCertificate":{}}]}}]}}""", """{"spec":{"volumes":[{"projected":{"sources":[{}]}}]}}""" },
        {
            "pods",
            """{"spec":{"containers":[{"volumeMounts":[{"name":"i"},{"name":"o"}]}],"initContainers":[{"volumeMounts":[{"name":"i"}]}],"volumes":[{"name":"i","image":{}},{"name":"o"}]}}""",
            """{"spec":{"containers":[{"volumeMounts":[{"name":"o"}]}],"initContainers":[{}],"volumes":[{"name":"o"}]}}"""
        },
        { "pods", """{"status":{"extendedResourceClaimStatus":{}}}""", """{"status":{}}""" },
        { "pods", """{"status":{"containerStatuses":[{"allocatedResourcesStatus":[{}]}]}}""", """{"status":{"containerStatuses":[{}]}}""" },
        { "pods", """{"status":{"initContainerStatuses":[{"allocatedResourcesStatus":[{}]}]}}""", """{"status":{"initContainerStatuses":[{}]}}""" },
        { "pods", """{"status":{"ephemeralContainerStatuses":[{"allocatedResourcesStatus":[{}]}]}}""", """{"status":{"ephemeralContainerStatuses":[{}]}}""" },
        {
            "persistentvolumeclaims",
            """{"spec":{"dataSourceRef":{"kind":"PersistentVolumeClaim","name":"a","namespace":"b"}}}""",
            """{"spec":{}}"""
        },
        { "podtemplates", """{"template":{"spec":{"hostnameOverride":"a"}}}""", """{"template":{"spec":{}}}""" },
        { "replicationcontrollers", """{"spec":{"template":{"spec":{"hostnameOverride":"a"}}}}""", """{"spec":{"template":{"spec":{}}}}""" },
        { "daemonsets", """{"spec":{"template":{"spec":{"hostnameOverride":"a"}}}}""", """{"spec":{"template":{"spec":{}}}}""" },
        { "deployments", """{"spec":{"template":{"spec":{"hostnameOverride":"a"}}}}""", """{"spec":{"template":{"spec":{}}}}""" },
        { "deployments", """{"status":{"terminatingReplicas":1}}""", """{"status":{}}""" },
        { "replicasets", """{"spec":{"template":{"spec":{"hostnameOverride":"a"}}}}""", """{"spec":{"template":{"spec":{}}}}""" },
        { "replicasets", """{"status":{"terminatingReplicas":1}}""", """{"status":{}}""" },
        { "statefulsets", """{"spec":{"template":{"spec":{"hostnameOverride":"a"}}}}""", """{"spec":{"template":{"spec":{}}}}""" },
        { "statefulsets", """{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":2,"partition":1}}}}""", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}""" },
        { "jobs", """{"spec":{"template":{"spec":{"hostnameOverride":"a"}}}}""", """{"spec":{"template":{"spec":{}}}}""" },
        { "cronjobs", """{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"hostnameOverride":"a"}}}}}}""", """{"spec":{"jobTemplate":{"spec":{"template":{"spec":{}}}}}}""" },
        { "horizontalpodautoscalers", """{"spec":{"behavior":{"scaleUp":{"tolerance":"1"}}}}""", """{"spec":{"behavior":{"scaleUp":{}}}}""" },
        { "horizontalpodautoscalers", """{"spec":{"behavior":{"scaleDown":{"tolerance":"1"}}}}""", """{"spec":{"behavior":{"scaleDown":{}}}}""" },
        { "csidrivers", """{"spec":{"nodeAllocatableUpdatePeriodSeconds":60}}""", """{"spec":{}}""" },
        { "volumeattachments", """{"status":{"attachError":{"errorCode":8,"message":"m"}}}""", """{"status":{"attachError":{"message":"m"}}}""" },
        { "volumeattachments", """{"status":{"detachError":{"errorCode":8,"message":"m"}}}""", """{"status":{"detachError":{"message":"m"}}}""" },
        { "deviceclasses", """{"spec":{"extendedResourceName":"a/b"}}""", """{"spec":{}}""" },
        { "resourceslices", """{"spec":{"devices":[{"taints":[{}]}]}}""", Device },
        { "resourceslices", """{"spec":{"devices":[{"consumesCounters":[{}],"nodeName":"n","nodeSelector":{},"allNodes":true}],"perDeviceNodeSelection":true,"sharedCounters":[{}]}}""", Device },
        { "resourceslices", """{"spec":{"devices":[{"bindingConditions":["a"],"bindingFailureConditions":["b"],"bindsToNode":true}]}}""", Device },
        { "resourceslices", """{"spec":{"devices":[{"allowMultipleAllocations":true}]}}""", Device },
        { "resourceslices", """{"spec":{"devices":[{"capacity":{"memory":{"requestPolicy":{},"value":"1"}}}]}}""", """{"spec":{"devices":[{"capacity":{"memory":{"value":"1"}}}]}}""" },
        { "resourceclaims", """{"spec":{"devices":{"requests":[{"exactly":{"tolerations":[{}]}}]}}}""", Exactly },
        { "resourceclaims", """{"spec":{"devices":{"requests":[{"exactly":{"capacity":{}}}]}}}""", Exactly },
        { "resourceclaims", """{"spec":{"devices":{"requests":[{"firstAvailable":[{"tolerations":[{}]}]}]}}}""", FirstAvailable },
        { "resourceclaims", """{"spec":{"devices":{"requests":[{"firstAvailable":[{"capacity":{}}]}]}}}""", FirstAvailable },
        { "resourceclaims", """{"spec":{"devices":{"constraints":[{"distinctAttribute":"a/b"}]}}}""", """{"spec":{"devices":{"constraints":[{}]}}}""" },
        { "resourceclaims", """{"status":{"allocation":{"devices":{"results":[{"bindingConditions":["a"],"bindingFailureConditions":["b"]}]}}}}""", Result },
        { "resourceclaims", """{"status":{"allocation":{"devices":{"results":[{"consumedCapacity":{},"shareID":"s"}]}}}}""", Result },
        { "resourceclaims", """{"status":{"devices":[{"shareID":"s"}]}}""", """{"status":{"devices":[{}]}}""" },
        { "resourceclaimtemplates", """{"spec":{"spec":{"devices":{"requests":[{"exactly":{"tolerations":[{}]}}]}}}}""", """{"spec":{"spec":{"devices":{"requests":[{"exactly":{}}]}}}}""" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Drop_FieldOfADisabledFeature_GoesUnlessTheOldObjectHasIt(string resource, string given, string left)
    {
        var kind = Strategies.Of(resource).Kind;
        var (created, updated, kept) = (Strategies.Parse(given), Strategies.Parse(given), Strategies.Parse(given));

        DisabledFeatures.Drop(kind, created, null);
        DisabledFeatures.Drop(kind, updated, Strategies.Parse(left));
        DisabledFeatures.Drop(kind, kept, Strategies.Parse(given));

        Assert.Equal(left, created.ToJsonString());
        Assert.Equal(left, updated.ToJsonString());
        Assert.Equal(given, kept.ToJsonString());
    }

    /// <summary>KEP-1495: clients that know no dataSourceRef are used to any other source being ignored.</summary>
    [Theory]
    [InlineData("{}", """{"dataSource":{"kind":"Backup","apiGroup":"a.b","name":"n"}}""", "{}")]
    [InlineData("{}", """{"dataSource":{"kind":"PersistentVolumeClaim","name":"n"}}""", """{"dataSource":{"kind":"PersistentVolumeClaim","name":"n"}}""")]
    [InlineData("{}", """{"dataSource":{"kind":"VolumeSnapshot","apiGroup":"snapshot.storage.k8s.io","name":"n"}}""", """{"dataSource":{"kind":"VolumeSnapshot","apiGroup":"snapshot.storage.k8s.io","name":"n"}}""")]
    [InlineData("{}", """{"dataSourceRef":{"kind":"Backup","apiGroup":"a.b","name":"n"}}""", """{"dataSourceRef":{"kind":"Backup","apiGroup":"a.b","name":"n"}}""")]
    [InlineData("""{"dataSourceRef":{"kind":"Backup"}}""", """{"dataSource":{"kind":"Backup","apiGroup":"a.b","name":"n"}}""", """{"dataSource":{"kind":"Backup","apiGroup":"a.b","name":"n"}}""")]
    [InlineData("""{"dataSource":{"kind":"Backup"}}""", """{"dataSourceRef":{"kind":"Backup","namespace":"b"}}""", "{}")]
    public void Drop_SourceOfAClaim_GoesByItsKind(string before, string given, string left)
    {
        var obj = Strategies.Parse($$"""{"spec":{{given}}}""");

        DisabledFeatures.Drop(Strategies.Of("persistentvolumeclaims").Kind, obj, Strategies.Parse($$"""{"spec":{{before}}}"""));

        Assert.Equal($$"""{"spec":{{left}}}""", obj.ToJsonString());
    }

    /// <summary>Features that are on in 1.34, alpha or beta though they were.</summary>
    [Theory]
    [InlineData("pods", """{"spec":{"hostUsers":false,"resources":{"limits":{"cpu":"1"}},"securityContext":{"seLinuxChangePolicy":"Recursive","supplementalGroupsPolicy":"Strict"}}}""")]
    [InlineData("pods", """{"spec":{"containers":[{"resizePolicy":[{}],"securityContext":{"procMount":"Default"}}],"resourceClaims":[{}],"topologySpreadConstraints":[{"matchLabelKeys":["a"]}]}}""")]
    [InlineData("pods", """{"spec":{"initContainers":[{"restartPolicy":"Always"}]}}""")]
    [InlineData("pods", """{"status":{"containerStatuses":[{"resources":{},"user":{}}],"observedGeneration":2,"resourceClaimStatuses":[{}]}}""")]
    [InlineData("deployments", """{"spec":{"strategy":{"rollingUpdate":{"maxUnavailable":2}}}}""")]
    [InlineData("daemonsets", """{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":2}}}}""")]
    [InlineData("jobs", """{"spec":{"backoffLimitPerIndex":1,"managedBy":"a/b","podReplacementPolicy":"Failed","successPolicy":{}}}""")]
    [InlineData("services", """{"spec":{"trafficDistribution":"PreferSameNode"}}""")]
    [InlineData("resourceclaims", """{"spec":{"devices":{"requests":[{"exactly":{"adminAccess":true}},{"firstAvailable":[{"name":"a"}]}]}},"status":{"devices":[{"driver":"d"}]}}""")]
    public void Drop_FieldOfAnEnabledFeature_Stays(string resource, string given)
    {
        var obj = Strategies.Parse(given);

        DisabledFeatures.Drop(Strategies.Of(resource).Kind, obj, null);

        Assert.Equal(given, obj.ToJsonString());
    }

    [Fact]
    public async Task Write_FieldOfADisabledFeature_IsDroppedSilently()
    {
        var client = await fixture.CreateNamespaceAsync();
        var pod = """{"metadata":{"name":"p"},"spec":{"hostnameOverride":"x","containers":[{"name":"a","image":"i","restartPolicy":"Never","lifecycle":{"stopSignal":"SIGINT"}}]}}""";

        var created = (await client.SendAsync(HttpMethod.Post, client.Core("pods"), pod)).Expect(201);
        var status = (await client.SendAsync(
            HttpMethod.Patch,
            client.Core("pods/p/status"),
            """{"status":{"reason":"R","extendedResourceClaimStatus":{"resourceClaimName":"c","requestMappings":[]}}}""",
            "application/merge-patch+json")).Expect(200);

        Assert.Null(created.Json["spec"]?["hostnameOverride"]);
        var container = Assert.IsType<JsonObject>(created.Json["spec"]?["containers"]?[0]);
        Assert.False(container.ContainsKey("restartPolicy") || container.ContainsKey("lifecycle"));
        Assert.Equal("R", status.Json.StringAt("status", "reason"));
        Assert.Null(status.Json["status"]?["extendedResourceClaimStatus"]);
    }
}
