namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Headers and rows as upstream's printers give them.</summary>
public sealed class TableTests
{
    private const string Meta = "\"metadata\":{\"name\":\"a\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}";

    [Theory]
    [InlineData("pods", "Name | Ready | Status | Restarts | Age | IP | Node | Nominated Node | Readiness Gates")]
    [InlineData("replicationcontrollers", "Name | Desired | Current | Ready | Age | Containers | Images | Selector")]
    [InlineData("services", "Name | Type | Cluster-IP | External-IP | Port(s) | Age | Selector")]
    [InlineData("nodes", "Name | Status | Roles | Age | Version | Internal-IP | External-IP | OS-Image | Kernel-Version | Container-Runtime")]
    [InlineData("deployments", "Name | Ready | Up-to-date | Available | Age | Containers | Images | Selector")]
    [InlineData("daemonsets", "Name | Desired | Current | Ready | Up-to-date | Available | Node Selector | Age | Containers | Images | Selector")]
    [InlineData("jobs", "Name | Status | Completions | Duration | Age | Containers | Images | Selector")]
    [InlineData("cronjobs", "Name | Schedule | Timezone | Suspend | Active | Last Schedule | Age | Containers | Images | Selector")]
    [InlineData("persistentvolumes", "Name | Capacity | Access Modes | Reclaim Policy | Status | Claim | StorageClass | VolumeAttributesClass | Reason | Age | VolumeMode")]
    [InlineData("rolebindings", "Name | Role | Age | Users | Groups | ServiceAccounts")]
    [InlineData("clusterroles", "Name | Created At")]
    [InlineData("limitranges", "Name | Created At")]
    public void Columns_Wide_AreUpstreams(string resource, string header) => Assert.Equal(header, Strategies.Header(resource, wide: true));

    [Fact]
    public void Events_Columns_AreUpstreams() => Assert.Equal(
        "Last Seen | Type | Reason | Object | Subobject | Source | Message | First Seen | Count | Name",
        string.Join(" | ", Strategies.All.Single(s => s.Plural == "events" && s.Kind.Group.Length == 0).Columns.Select(column => column.Name)));

    [Theory]
    [InlineData("""{"phase":"Pending"}""", "0/2", "Pending", "0")]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "0/2", "Evicted", "0")]
    [InlineData("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}""", "0/2", "SchedulingGated", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{}},"restartCount":0}]}""", "0/2", "Init:0/2", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"waiting":{"reason":"PodInitializing"}}}]}""", "0/2", "Init:1/2", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T00:00:50Z"}}}]}""", "0/2", "Init:CrashLoopBackOff", "2 (10s ago)")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":3}}}]}""", "0/2", "Init:ExitCode:3", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}},"restartCount":0},{"name":"b","ready":true,"state":{"running":{}},"restartCount":0}]}""", "2/2", "Running", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}},"restartCount":0},{"name":"b","ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"restartCount":3,"lastState":{"terminated":{"finishedAt":"2026-01-01T00:00:55Z"}}}]}""", "1/2", "CrashLoopBackOff", "3 (5s ago)")]
    [InlineData("""{"phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}},"restartCount":0}]}""", "0/2", "Completed", "0")]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]}""", "1/2", "Running", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]}""", "1/2", "NotReady", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"signal":9}}}]}""", "0/2", "Signal:9", "0")]
    public void Pods_Row_IsAsUpstreamsPrinterHasIt(string status, string ready, string text, string restarts)
    {
        var spec = """{"containers":[{"name":"a"},{"name":"b"}],"initContainers":[{"name":"i"},{"name":"j"}]}""";

        Assert.Equal($"a | {ready} | {text} | {restarts} | 60s", Strategies.Row("pods", "{" + Meta + ",\"spec\":" + spec + ",\"status\":" + status + "}"));
    }

    [Fact]
    public void Pods_Sidecar_CountsAmongContainers()
    {
        var pod = "{" + Meta + ""","spec":{"containers":[{"name":"a"}],"initContainers":[{"name":"s","restartPolicy":"Always"}]},"status":{"phase":"Running","initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":1,"state":{"running":{}}}],"containerStatuses":[{"name":"a","ready":true,"restartCount":1,"state":{"running":{}}}]}}""";

        Assert.Equal("a | 2/2 | Running | 2 | 60s", Strategies.Row("pods", pod));
    }

    [Fact]
    public void Pods_Deleted_IsTerminating()
    {
        var pod = """{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:30Z"},"status":{"phase":"Running"}}""";

        Assert.Equal("a | 0/0 | Terminating | 0 | <unknown>", Strategies.Row("pods", pod));
    }

    [Theory]
    [InlineData("services", """{"spec":{"type":"ClusterIP","clusterIP":"10.96.0.1","ports":[{"port":443,"protocol":"TCP"}]}}""", "a | ClusterIP | 10.96.0.1 | <none> | 443/TCP | 60s")]
    [InlineData("services", """{"spec":{"type":"NodePort","clusterIP":"10.96.0.9","ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}""", "a | NodePort | 10.96.0.9 | <none> | 80:30080/TCP,53/UDP | 60s")]
    [InlineData("services", """{"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.9"}}""", "a | LoadBalancer | 10.96.0.9 | <pending> | <none> | 60s")]
    [InlineData("services", """{"spec":{"type":"ExternalName","externalName":"x.org"}}""", "a | ExternalName | <none> | x.org | <none> | 60s")]
    [InlineData("nodes", """{"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.34.0"}}}""", "a | Ready,SchedulingDisabled | <none> | 60s | v1.34.0")]
    [InlineData("nodes", """{"status":{}}""", "a | Unknown | <none> | 60s | ")]
    [InlineData("deployments", """{"spec":{"replicas":3},"status":{"readyReplicas":1,"updatedReplicas":2,"availableReplicas":1}}""", "a | 1/3 | 2 | 1 | 60s")]
    [InlineData("statefulsets", """{"spec":{"replicas":3},"status":{"readyReplicas":1}}""", "a | 1/3 | 60s")]
    [InlineData("configmaps", """{"data":{"a":"1"},"binaryData":{"b":"","c":""}}""", "a | 3 | 60s")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}],"ports":[{"port":80},{"port":81}]}]}""", "a | 10.0.0.1:80,10.0.0.2:80,10.0.0.1:81 + 1 more... | 60s")]
    [InlineData("endpoints", """{"subsets":[]}""", "a | <none> | 60s")]
    [InlineData("endpointslices", """{"addressType":"IPv4","ports":[{"port":80}],"endpoints":[{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"]}]}""", "a | IPv4 | 80 | 10.0.0.1,10.0.0.2 | 60s")]
    [InlineData("endpointslices", """{"addressType":"IPv4"}""", "a | IPv4 | <unset> | <unset> | 60s")]
    [InlineData("jobs", """{"spec":{"completions":2},"status":{"succeeded":1,"startTime":"2026-01-01T00:00:00Z"}}""", "a | Running | 1/2 | 60s | 60s")]
    [InlineData("jobs", """{"spec":{"parallelism":3},"status":{"succeeded":1,"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:09Z","conditions":[{"type":"Complete","status":"True"}]}}""", "a | Complete | 1/1 of 3 | 9s | 60s")]
    [InlineData("cronjobs", """{"spec":{"schedule":"* * * * *","suspend":false}}""", "a | * * * * * | <none> | False | 0 | <none> | 60s")]
    [InlineData("rolebindings", """{"roleRef":{"kind":"Role","name":"r"}}""", "a | Role/r | 60s")]
    [InlineData("leases", """{"spec":{"holderIdentity":"h"}}""", "a | h | 60s")]
    [InlineData("secrets", """{"type":"Opaque","data":{"a":""}}""", "a | Opaque | 1 | 60s")]
    [InlineData("persistentvolumes", """{"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"n","name":"c"}},"status":{"phase":"Bound"}}""", "a | 1Gi | RWO,RWX | Retain | Bound | n/c |  | <unset> |  | 60s")]
    [InlineData("ingresses", """{"spec":{"rules":[{"host":"x"},{"host":"y"}],"tls":[{}]},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}""", "a | <none> | x,y | 1.2.3.4 | 80, 443 | 60s")]
    [InlineData("clusterroles", """{"rules":[]}""", "a | 2026-01-01T00:00:00Z")]
    [InlineData("poddisruptionbudgets", """{"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":1}}""", "a | 50% | N/A | 1 | 60s")]
    public void Row_Table_IsUpstreams(string resource, string content, string row) =>
        Assert.Equal(row, Strategies.Row(resource, "{" + Meta + "," + content[1..]));

    [Fact]
    public void ReplicaSets_Wide_ShowContainersImagesAndSelector()
    {
        var set = "{" + Meta + ""","spec":{"replicas":2,"selector":{"matchLabels":{"b":"1","a":"2"},"matchExpressions":[{"key":"c","operator":"In","values":["x","y"]}]},"template":{"spec":{"containers":[{"name":"n","image":"i"},{"name":"m","image":"j"}]}}}}""";

        Assert.Equal("a | 2 | 0 | 0 | 60s | n,m | i,j | a=2,b=1,c in (x,y)", Strategies.Row("replicasets", set, wide: true));
    }
}
