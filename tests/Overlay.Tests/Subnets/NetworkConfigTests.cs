using System.Text;

using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Tests.Subnets;

public sealed class NetworkConfigTests
{
    [Theory]
    [InlineData("""{"Network":"10.244.0.0/16","Backend":{"Type":"vxlan"}}""", 24, "10.244.1.0", "10.244.255.0")]
    [InlineData("""{"Network":"10.5.0.0/16","SubnetLen":28,"SubnetMin":"10.5.10.0","SubnetMax":"10.5.99.240","Backend":{"Type":"host-gw"}}""", 28, "10.5.10.0", "10.5.99.240")]
    [InlineData("""{"Network":"10.5.0.0/23","Backend":{"Type":"vxlan"}}""", 25, "10.5.0.128", "10.5.1.128")]
    [InlineData("""{"Network":"10.0.0.0/8","SubnetLen":20,"Backend":{"Type":"vxlan","VNI":7,"Port":8473}}""", 20, "10.0.16.0", "10.255.240.0")]
    public void Parse_LeavesSomethingOut_FillsInFlannelsDefaults(string text, int length, string min, string max)
    {
        var config = NetworkConfig.Parse(Encoding.UTF8.GetBytes(text));

        Assert.Equal(length, config.SubnetLength);
        Assert.Equal(min, Subnet.ToAddress(config.SubnetMin).ToString());
        Assert.Equal(max, Subnet.ToAddress(config.SubnetMax).ToString());
    }

    [Theory]
    [InlineData("nonsense", "not readable")]
    [InlineData("[]", "not readable")]
    [InlineData("""{"Backend":{"Type":"vxlan"}}""", "Network")]
    [InlineData("""{"Network":"10.244.0.0/16"}""", "udp")]
    [InlineData("""{"Network":"10.244.0.0/16","Backend":"vxlan"}""", "Backend must be an object")]
    [InlineData("""{"Network":"10.244.0.0/16","SubnetLen":31,"Backend":{"Type":"vxlan"}}""", "less than /31")]
    [InlineData("""{"Network":"10.244.0.0/16","SubnetLen":17,"Backend":{"Type":"vxlan"}}""", "at least four subnets")]
    [InlineData("""{"Network":"10.244.0.0/29","Backend":{"Type":"vxlan"}}""", "too small")]
    [InlineData("""{"Network":"10.244.0.0/16","SubnetMin":"10.1.0.0","Backend":{"Type":"vxlan"}}""", "SubnetMin is not in the range")]
    [InlineData("""{"Network":"10.244.0.0/16","SubnetMax":"10.244.9.1","Backend":{"Type":"vxlan"}}""", "SubnetMax is not on a SubnetLen boundary")]
    [InlineData("""{"Network":"10.244.0.0/16","EnableIPv6":true,"Backend":{"Type":"vxlan"}}""", "EnableIPv6")]
    public void Parse_CannotBeUsed_SaysWhy(string text, string reason)
    {
        var exception = Assert.Throws<ConfigException>(() => NetworkConfig.Parse(Encoding.UTF8.GetBytes(text)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }
}
