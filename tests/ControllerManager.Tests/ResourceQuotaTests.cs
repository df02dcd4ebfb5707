using k8s.Models;

namespace MiniKube.ControllerManager.Tests;

public sealed class ResourceQuotaTests
{
    [Fact]
    public async Task Status_WrittenByAnother_IsBroughtBackToTheSpecAfterThePeriod()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false", "--resource-quota-sync-period=1s");
        await cluster.CreateAsync(new V1ResourceQuota
        {
            Metadata = new V1ObjectMeta { Name = "q", NamespaceProperty = "default" },
            Spec = new V1ResourceQuotaSpec { Hard = Amounts(5) },
        });

        await cluster.PatchAsync<V1ResourceQuota>("q", new { status = new { hard = new { secrets = "9" }, used = new { secrets = "8" } } }, "status");

        await cluster.EventuallyAsync<V1ResourceQuota>(
            "q",
            quota => quota is { Status: { Hard: { } hard, Used: { } used } } && hard["secrets"].ToString() == "5" && used["secrets"].ToString() == "0");
    }

    private static Dictionary<string, ResourceQuantity> Amounts(int secrets) => new() { ["secrets"] = new ResourceQuantity(secrets.ToString(System.Globalization.CultureInfo.InvariantCulture)) };
}
