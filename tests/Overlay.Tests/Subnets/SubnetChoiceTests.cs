using System.Text;

using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Tests.Subnets;

public sealed class SubnetChoiceTests
{
    private static readonly NetworkConfig Config = NetworkConfig.Parse(Encoding.UTF8.GetBytes(
        """{"Network":"10.244.0.0/16","SubnetMin":"10.244.1.0","SubnetMax":"10.244.3.0","Backend":{"Type":"vxlan"}}"""));

    [Fact]
    public void Choose_SomeAreTaken_TakesOneThatIsFree() =>
        Assert.Equal(Of("10.244.2.0/24"), SubnetChoice.Choose(Config, [Of("10.244.1.0/24"), Of("10.244.3.0/25")], null, new Random(1)));

    [Fact]
    public void Choose_PreviousIsFree_TakesItAgain() =>
        Assert.Equal(Of("10.244.3.0/24"), SubnetChoice.Choose(Config, [Of("10.244.1.0/24")], Of("10.244.3.0/24"), new Random(1)));

    [Theory]
    [InlineData("10.244.1.0/24")]
    [InlineData("10.244.9.0/24")]
    [InlineData("10.244.3.0/25")]
    public void Choose_PreviousIsTakenOrNotOffered_TakesAnother(string previous) => Assert.Contains(
        SubnetChoice.Choose(Config, [Of("10.244.1.0/24")], Of(previous), new Random(1)), (IEnumerable<Subnet>)[Of("10.244.2.0/24"), Of("10.244.3.0/24")]);

    [Fact]
    public void Choose_AllAreTaken_SaysSo()
    {
        var exception = Assert.Throws<ConfigException>(() => SubnetChoice.Choose(Config, [Of("10.244.0.0/22")], null, new Random(1)));

        Assert.Equal("out of subnets", exception.Message);
    }

    private static Subnet Of(string text) => Subnet.TryParse(text, out var subnet) ? subnet : throw new ArgumentException(text);
}
