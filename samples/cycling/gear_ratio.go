// Package gears computes gear ratios of a bicycle.
package gears

import "math"

// Development is how far a bicycle rolls with one turn of the pedals, in metres, for a chainring and a
// sprocket with so many teeth and a wheel with so many metres of diameter, tyre included.
func Development(chainring, sprocket int, wheelMetres float64) float64 {
	return float64(chainring) / float64(sprocket) * math.Pi * wheelMetres
}

// Speed in kilometres per hour at a cadence in turns per minute.
func Speed(development float64, cadence int) float64 {
	return development * float64(cadence) * 60 / 1000
}
