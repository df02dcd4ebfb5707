using System.Diagnostics;

using k8s.Models;

using MiniKube.Api.Quantities;

namespace MiniKube.Api.Tests.Quantities;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("0Mi", "0")]
    [InlineData("1000m", "1")]
    [InlineData("0.5", "500m")]
    [InlineData(".5", "500m")]
    [InlineData("5.", "5")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0.5Ki", "512")]
    [InlineData("100Ki", "100Ki")]
    [InlineData("1000", "1k")]
    [InlineData("1500k", "1500k")]
    [InlineData("12e6", "12e6")]
    [InlineData("1E3", "1e3")]
    [InlineData("1.2e3", "1200")]
    [InlineData("1E", "1E")]
    [InlineData("9E", "9E")]
    [InlineData("-1Ki", "-1Ki")]
    [InlineData("-100m", "-100m")]
    [InlineData("+1", "1")]
    [InlineData("0.0000000001", "1n")]
    [InlineData("1.0000000001", "1000000001n")]
    [InlineData("1e-1000000", "1e-9")]
    [InlineData("1e1000000", "9223372036854775807")]
    [InlineData("100E", "9223372036854775807")]
    [InlineData("8Ei", "9223372036854775807")]
    [InlineData("1.1Ki", "1126400m")]
    [InlineData("1u", "1u")]
    [InlineData("0001", "1")]
    public void ToString_Parsed_IsUpstreamsCanonicalText(string text, string canonical)
    {
        Assert.Equal(canonical, Quantity.Parse(text).ToString());
    }

    [Theory]
    [InlineData("", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("a", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("1 Gi", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("1GiB", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("1ki", "unable to parse quantity's suffix")]
    [InlineData("1K", "unable to parse quantity's suffix")]
    [InlineData("1e", "unable to parse quantity's suffix")]
    [InlineData("1e99999999999999999999", "unable to parse quantity's suffix")]
    [InlineData("1.2.3", "unable to parse numeric part of quantity")]
    [InlineData(".", "unable to parse numeric part of quantity")]
    public void Parse_NoQuantity_GivesUpstreamsText(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => Quantity.Parse(text)).Message);
        Assert.False(Quantity.TryParse(text, out _));
        Assert.Equal(message, Quantity.Check(text));
    }

    [Fact]
    public void Parse_MegabytesOfDigits_IsQuick()
    {
        var watch = Stopwatch.StartNew();

        Assert.Equal(long.MaxValue, Quantity.Parse(new string('9', 3_000_000)).Value);
        Assert.Equal("1n", Quantity.Parse("0." + new string('0', 1_000_000) + new string('9', 1_000_000)).ToString());
        Assert.Equal("1", Quantity.Parse("0." + new string('9', 1_000_000)).ToString());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("1.1", 2, 1100)]
    [InlineData("-1.1", -2, -1100)]
    [InlineData("100m", 1, 100)]
    [InlineData("1u", 1, 1)]
    [InlineData("1Gi", 1073741824, 1073741824000)]
    [InlineData("9E", 9_000_000_000_000_000_000, long.MaxValue)]
    public void Value_Fraction_RoundsAwayFromZero(string text, long value, long milli)
    {
        var quantity = Quantity.Parse(text);

        Assert.Equal((value, milli), (quantity.Value, quantity.MilliValue));
    }

    [Fact]
    public void Equality_DifferentSpelling_ComparesAmounts()
    {
        Assert.Equal(Quantity.Parse("1Ki"), Quantity.Parse("1024"));
        Assert.True(Quantity.Parse("1G") < Quantity.Parse("1Gi"));
        Assert.True(Quantity.Parse("-1") < Quantity.Zero);
    }

    [Fact]
    public void Add_KeepsTheFormatOfTheFirst()
    {
        Assert.Equal("1025Ki", (Quantity.Parse("1Mi") + Quantity.Parse("1024")).ToString());
        Assert.Equal("1Mi", (Quantity.Zero + Quantity.Parse("1Mi")).ToString());
        Assert.Equal("-500m", (Quantity.Parse("1") - Quantity.Parse("1500m")).ToString());
    }

    [Fact]
    public void ToString_ParsedAgain_IsTheSameAmount()
    {
        var random = new Random(7);
        string[] suffixes = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "e-2", "E7"];
        for (var i = 0; i < 5000; i++)
        {
            var text = $"{(random.Next(2) == 0 ? "-" : "")}{random.NextInt64(1_000_000)}.{random.Next(1000)}{suffixes[random.Next(suffixes.Length)]}";
            var quantity = Quantity.Parse(text);

            Assert.Equal(quantity, Quantity.Parse(quantity.ToString()));
        }
    }

    [Fact]
    public void From_Model_ReadsItsText()
    {
        Assert.Equal(1536L << 20, Quantity.From(new ResourceQuantity("1.5Gi")).Value);
        Assert.True(Quantity.From(null).IsZero);
    }
}
